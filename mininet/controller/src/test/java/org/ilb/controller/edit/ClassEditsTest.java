package org.ilb.controller.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The edits fit the classes of the very versions that the controller is assembled from. */
class ClassEditsTest {

    static List<ClassEdit> all() {
        return ClassEdits.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void eachEditFindsItsPlaceOnceAndOnlyOnce(ClassEdit edit) throws Exception {
        byte[] edited = edit.apply(classFile(edit.className()));

        assertThrows(EditMissedException.class, () -> edit.apply(edited));
    }

    @Test
    void openflowIsBoundToLoopbackAndNowhereElse() throws Exception {
        byte[] edited = ClassEdits.LOOPBACK_OPENFLOW.apply(classFile(ClassEdits.LOOPBACK_OPENFLOW.className()));

        List<String> binds = new ArrayList<>();
        List<Object> constants = new ArrayList<>();
        visit(edited, binds, constants);
        assertEquals(List.of("(Ljava/lang/String;I)Lio/netty/channel/ChannelFuture;"), binds);
        assertEquals(1, constants.stream().filter("127.0.0.1"::equals).count());
    }

    @Test
    void messagingIsBoundToLoopback() throws Exception {
        for (ClassEdit edit : List.of(ClassEdits.LOOPBACK_MESSAGING, ClassEdits.LOOPBACK_UNICAST)) {
            List<Object> constants = new ArrayList<>();
            visit(edit.apply(classFile(edit.className())), new ArrayList<>(), constants);
            assertEquals(0, constants.stream().filter("0.0.0.0"::equals).count(), edit.className());
        }
    }

    @Test
    void otherClassesAreLeftAlone() {
        assertEquals(true, ClassEdits.of("java/lang/String").isEmpty());
    }

    @Test
    void classWithoutThePlaceIsAMiss() throws Exception {
        byte[] other = classFile(ClassEdits.PROMPT_ELECTION.className());

        assertThrows(EditMissedException.class, () -> ClassEdits.LOOPBACK_OPENFLOW.apply(other));
    }

    private static byte[] classFile(String name) throws IOException {
        try (InputStream stream = ClassEditsTest.class.getResourceAsStream("/" + name + ".class")) {
            return stream.readAllBytes();
        }
    }

    private static void visit(byte[] classFile, List<String> binds, List<Object> constants) {
        new ClassReader(classFile)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public MethodVisitor visitMethod(
                                    int access, String name, String descriptor, String signature, String[] thrown) {
                                return new MethodVisitor(Opcodes.ASM9) {
                                    @Override
                                    public void visitMethodInsn(
                                            int opcode, String owner, String called, String type, boolean isInterface) {
                                        if (called.equals("bind")) {
                                            binds.add(type);
                                        }
                                    }

                                    @Override
                                    public void visitLdcInsn(Object value) {
                                        constants.add(value);
                                    }
                                };
                            }
                        },
                        0);
    }
}
