package org.ilb.bench;

import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.ilb.FlowKey;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Owner and backup of a connection, beside the floor: one CRC-32 of the JDK over the connection's 12 bytes. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ElectionBenchmark {

    /** So many that no branch is foreseen, and so few, read in turn, that memory is no matter. */
    private static final int KEYS = 1 << 13;

    /** The election of one view. */
    @State(Scope.Thread)
    public static class Voters {

        /** How connections are scored. */
        @Param({"CRC32_MIXED", "CRC32"})
        public ScoreKind kind;

        /** How many ILBs are scored. */
        @Param({"2", "4", "8", "16", "64"})
        public int ilbs;

        private final FlowKey[] keys = Population.strangers(KEYS);
        private Electorate electorate;
        private int next;

        /** Makes the electorate. */
        @Setup
        public void convene() {
            electorate = Electorate.of(new View(1, Population.ilbs(ilbs)), kind, Population.SEED);
        }
    }

    /** The bytes of the same connections. */
    @State(Scope.Thread)
    public static class Bytes {

        private final CRC32 crc = new CRC32();
        private final byte[][] connections = new byte[KEYS][];
        private int next;

        /** Makes the bytes. */
        @Setup
        public void fill() {
            FlowKey[] keys = Population.strangers(KEYS);
            for (int i = 0; i < KEYS; i++) {
                connections[i] = keys[i].toBytes();
            }
        }
    }

    /**
     * Elects owner and backup.
     *
     * @param voters the view
     * @return both
     */
    @Benchmark
    public long elect(Voters voters) {
        return voters.electorate.elect(voters.keys[voters.next++ & KEYS - 1]);
    }

    /**
     * Computes the floor.
     *
     * @param bytes the connections
     * @return the CRC
     */
    @Benchmark
    public long crc32(Bytes bytes) {
        CRC32 crc = bytes.crc;
        crc.reset();
        crc.update(bytes.connections[bytes.next++ & KEYS - 1]);
        return crc.getValue();
    }
}
