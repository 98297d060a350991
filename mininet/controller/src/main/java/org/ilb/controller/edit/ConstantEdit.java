package org.ilb.controller.edit;

import org.objectweb.asm.MethodVisitor;

/** Puts another constant in the place of one that is loaded. */
final class ConstantEdit extends ClassEdit {
    private final Object before;
    private final Object after;

    ConstantEdit(String className, Object before, Object after) {
        super(className);
        this.before = before;
        this.after = after;
    }

    @Override
    MethodVisitor visitor(int api, MethodVisitor next, Runnable edited) {
        return new MethodVisitor(api, next) {
            @Override
            public void visitLdcInsn(Object value) {
                if (value.equals(before)) {
                    edited.run();
                    super.visitLdcInsn(after);
                } else {
                    super.visitLdcInsn(value);
                }
            }
        };
    }
}
