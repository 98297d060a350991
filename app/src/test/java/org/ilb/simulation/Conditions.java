package org.ilb.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.ilb.Buckets;
import org.ilb.Endpoint;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.onlab.packet.IpAddress;

/** The circumstances of one run: how large, how fast, how unreliable. Times in milliseconds, chances from 0 to 1. */
final class Conditions {

    static final Endpoint VIRTUAL = Endpoint.parse("10.100.0.1:80");
    static final int SERVERS = 8;
    static final long POLL = 5_000;
    static final int MOST_ILBS = 32;
    /** As long as a client that gets no answer may wait from one SYN to the next, and then some. */
    private static final Duration MOVE_SYN_AFTER = Duration.ofSeconds(10);

    final SortedSet<IlbId> ilbs = new TreeSet<>();
    /** Controller nodes: each is the master of every so-manieth ILB. */
    int nodes = 1;

    int cacheSize = 8;
    int maxRules = Integer.MAX_VALUE;
    HandOff handOff = HandOff.DIRECT;
    int clients = 30;
    int epochs = 2;
    int segments = 8;
    long pause = 5_000;
    double messageLoss;
    double messageDuplication;
    long messageDelay = 5;
    long storeDelay = 5;
    double copyLoss;
    double copyDuplication;
    long copyDelay = 5;
    long commandDelay = 5;
    double segmentLoss;
    long segmentDelay = 10;
    double rehash;
    /** The longest time from one upset to the next: an ILB that fails or returns, a node that restarts; 0 for none. */
    long upsets;
    /** How connections are gathered, or null if each is on its own. */
    Buckets buckets;
    /** Whether switches tell SYNs, FINs and RSTs from other segments. */
    boolean flags = true;

    private Conditions(int size) {
        for (int i = 1; i <= size; i++) {
            ilbs.add(IlbId.ofIndex(i));
        }
    }

    /** Conditions that vary from seed to seed, from fair to foul. */
    static Conditions of(Chance chance) {
        Conditions conditions = new Conditions(2 + (int) chance.mostlyShort(MOST_ILBS - 2));
        int size = conditions.ilbs.size();
        conditions.nodes = chance.happens(0.6) ? 1 : 1 + chance.below(Math.min(size, 6));
        conditions.cacheSize = chance.happens(0.3) ? 0 : chance.below(12);
        conditions.maxRules = chance.happens(0.3) ? 1 + chance.below(8) : Integer.MAX_VALUE;
        conditions.handOff = chance.happens(0.4) ? HandOff.RELAY : HandOff.DIRECT;
        conditions.clients = 10 + chance.below(30);
        conditions.epochs = conditions.nodes > 1 ? 1 : 1 + chance.below(3);
        conditions.segments = 1 + chance.below(10);
        conditions.pause = chance.mostlyShort(30_000);
        conditions.messageLoss = chance.happens(0.5) ? 0 : 0.15 * chance.below(100) / 100;
        conditions.messageDuplication = chance.happens(0.5) ? 0 : 0.1;
        conditions.messageDelay = chance.mostlyShort(500);
        conditions.storeDelay = chance.mostlyShort(2_000);
        conditions.copyLoss = chance.happens(0.5) ? 0 : 0.2;
        conditions.copyDuplication = chance.happens(0.5) ? 0 : 0.2;
        conditions.copyDelay = chance.mostlyShort(500);
        conditions.commandDelay = chance.mostlyShort(200);
        conditions.segmentLoss = chance.happens(0.5) ? 0 : 0.1;
        conditions.segmentDelay = chance.mostlyShort(100);
        conditions.rehash = chance.happens(0.3) ? 0 : 0.3 * chance.below(100) / 100;
        conditions.upsets = chance.happens(0.2) ? 0 : 500 + chance.mostlyShort(30_000);
        return conditions;
    }

    /** Conditions of a service of buckets that varies likewise; its servers come, go and fail. */
    static Conditions ofBuckets(Chance chance) {
        Conditions conditions = of(chance);
        conditions.nodes = 1;
        conditions.maxRules = Integer.MAX_VALUE;
        conditions.handOff = HandOff.DIRECT;
        conditions.epochs = 1 + chance.below(3);
        conditions.flags = chance.happens(0.8);
        conditions.upsets = 500 + chance.mostlyShort(30_000);
        conditions.buckets = new Buckets(
                0x1e,
                chance.happens(0.3) ? Buckets.Binding.LAZY : Buckets.Binding.AHEAD,
                MOVE_SYN_AFTER,
                Duration.ofMillis(chance.mostlyShort(30_000)),
                1 + chance.below(16));
        return conditions;
    }

    /** Fair conditions in which many connections come and go. */
    static Conditions ofMany(int clients) {
        Conditions conditions = new Conditions(8);
        conditions.clients = clients;
        conditions.epochs = 1;
        conditions.segments = 2;
        conditions.cacheSize = 1_000;
        conditions.rehash = 0.05;
        conditions.pause = 1_000;
        conditions.copyLoss = 0.01;
        conditions.segmentLoss = 0.01;
        conditions.upsets = 30_000;
        return conditions;
    }

    Settings settings(long seed) {
        return Settings.builder(seed)
                .cacheSize(cacheSize)
                .storeWait(Duration.ofMillis(100))
                .ruleIdle(Duration.ofSeconds(15))
                .associationIdle(Duration.ofSeconds(60))
                .linger(Duration.ofSeconds(10))
                .embryonic(Duration.ofSeconds(10))
                .build();
    }

    Service service() {
        List<Server> servers = new ArrayList<>();
        for (int i = 1; i <= SERVERS; i++) {
            servers.add(new Server(Endpoint.of(IpAddress.valueOf(0x0a000000 + i), 80), i, null, null));
        }
        return new Service("web", VIRTUAL, "weighted-round-robin", handOff, UnknownConnection.RESET, List.of(), servers)
                .inBuckets(Optional.ofNullable(buckets));
    }

    @Override
    public String toString() {
        return ilbs.size() + " ILBs on " + nodes + " nodes, " + handOff + ", cache " + cacheSize + ", rules " + maxRules
                + ", clients " + clients + " x " + epochs + " x " + segments + ", pause " + pause + ", messages "
                + messageLoss + " lost " + messageDuplication + " twice within " + messageDelay + " ms, store within "
                + storeDelay + " ms, copies " + copyLoss + " lost " + copyDuplication + " twice within " + copyDelay
                + " ms, commands within " + commandDelay + " ms, segments " + segmentLoss + " lost within "
                + segmentDelay + " ms, re-hash " + rehash + ", upsets " + upsets
                + (buckets == null ? "" : ", " + buckets + (flags ? "" : " without flags"));
    }
}
