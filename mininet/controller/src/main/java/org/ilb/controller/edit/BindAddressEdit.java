package org.ilb.controller.edit;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Makes a Netty bootstrap that binds a port on every address bind it on one. */
final class BindAddressEdit extends ClassEdit {
    private static final String CHANNEL_FUTURE = "Lio/netty/channel/ChannelFuture;";

    private final String bootstrap;
    private final String address;

    BindAddressEdit(String className, String bootstrap, String address) {
        super(className);
        this.bootstrap = bootstrap;
        this.address = address;
    }

    @Override
    MethodVisitor visitor(int api, MethodVisitor next, Runnable edited) {
        return new MethodVisitor(api, next) {
            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (owner.equals(bootstrap) && name.equals("bind") && descriptor.equals("(I)" + CHANNEL_FUTURE)) {
                    edited.run();
                    // On the stack: bootstrap, port. Wanted: bootstrap, address, port.
                    super.visitLdcInsn(address);
                    super.visitInsn(Opcodes.SWAP);
                    super.visitMethodInsn(opcode, owner, name, "(Ljava/lang/String;I)" + CHANNEL_FUTURE, isInterface);
                } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }
            }
        };
    }
}
