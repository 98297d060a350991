package org.ilb.controller.edit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The edits that the embedded controller makes. Each is one constant: the class, the method and what changes there.
 *
 * <p>Immutable and thread-safe.
 */
public final class ClassEdits {
    private static final String LOOPBACK = "127.0.0.1";

    /** ONOS's OpenFlow controller: {@code bootstrap.bind(port)} becomes {@code bootstrap.bind("127.0.0.1", port)}. */
    public static final ClassEdit LOOPBACK_OPENFLOW = new BindAddressEdit(
            "org/onosproject/openflow/controller/impl/Controller", "io/netty/bootstrap/ServerBootstrap", LOOPBACK);

    /** Atomix over TCP: the address to listen on. */
    public static final ClassEdit LOOPBACK_MESSAGING =
            new ConstantEdit("io/atomix/cluster/messaging/impl/NettyMessagingService", "0.0.0.0", LOOPBACK);

    /** Atomix over UDP: the address to listen on. */
    public static final ClassEdit LOOPBACK_UNICAST =
            new ConstantEdit("io/atomix/cluster/messaging/impl/NettyUnicastService", "0.0.0.0", LOOPBACK);

    /** Raft: milliseconds of silence before an election. It must stay above the heartbeat interval of 250 ms. */
    public static final ClassEdit PROMPT_ELECTION =
            new ConstantEdit("io/atomix/protocols/raft/partition/impl/RaftPartitionServer", 2500L, 300L);

    /** Netty: seconds without a task before a group of event loops ends. */
    public static final ClassEdit PROMPT_STOP =
            new ConstantEdit("io/netty/util/concurrent/AbstractEventExecutorGroup", 2L, 0L);

    private static final List<ClassEdit> ALL =
            List.of(LOOPBACK_OPENFLOW, LOOPBACK_MESSAGING, LOOPBACK_UNICAST, PROMPT_ELECTION, PROMPT_STOP);
    private static final Map<String, ClassEdit> BY_CLASS =
            ALL.stream().collect(Collectors.toUnmodifiableMap(ClassEdit::className, Function.identity()));

    private ClassEdits() {}

    /**
     * Returns the edits.
     *
     * @return all of them
     */
    public static List<ClassEdit> all() {
        return ALL;
    }

    /**
     * Finds the edit of a class.
     *
     * @param internalName the class's name with slashes
     * @return the edit, if there is one
     */
    public static Optional<ClassEdit> of(String internalName) {
        return Optional.ofNullable(BY_CLASS.get(internalName));
    }
}
