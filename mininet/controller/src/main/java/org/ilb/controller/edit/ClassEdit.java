package org.ilb.controller.edit;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** One change to the instructions of one class. Immutable and thread-safe. */
public abstract class ClassEdit {
    private static final int ASM = Opcodes.ASM9;

    private final String className;

    ClassEdit(String className) {
        this.className = className;
    }

    /**
     * Returns which class is edited.
     *
     * @return its name with slashes
     */
    public final String className() {
        return className;
    }

    /**
     * Edits the class.
     *
     * @param original the class file
     * @return the edited class file
     * @throws EditMissedException when the class does not contain exactly one place to edit
     */
    public final byte[] apply(byte[] original) throws EditMissedException {
        ClassReader reader = new ClassReader(original);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        int[] edited = new int[1];
        reader.accept(
                new ClassVisitor(ASM, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        return visitor(ASM, next, () -> edited[0]++);
                    }
                },
                0);
        if (edited[0] != 1) {
            throw new EditMissedException(className, edited[0]);
        }
        return writer.toByteArray();
    }

    /**
     * Returns what rewrites one method.
     *
     * @param api ASM's level
     * @param next where the rewritten instructions go
     * @param edited to be called for each place that was edited
     * @return the visitor that rewrites
     */
    abstract MethodVisitor visitor(int api, MethodVisitor next, Runnable edited);
}
