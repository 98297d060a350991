package org.ilb.storebench;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.concurrent.CompletionException;
import org.ilb.association.AssociationStore;
import org.ilb.association.DistributedAssociationStore;
import org.onosproject.store.serializers.KryoNamespaces;
import org.onosproject.store.service.EventuallyConsistentMap;
import org.onosproject.store.service.StorageService;
import org.onosproject.store.service.WallClockTimestamp;

/** The whole measurement, in about a minute. Used once, by one thread. */
final class Measurement {

    private static final int WARM_UP = 30_000;
    private static final int SINGLE = 5_000;
    private static final int LOAD = 20_000;
    private static final int LIVES = 10_000;
    private static final int WEIGHED = 100_000;
    private static final int USUAL_IN_FLIGHT = 32;
    private static final int[] IN_FLIGHT = {8, 32, 64};

    private static final String CONSISTENT = "ConsistentMap";
    private static final String EVENTUAL = "EventuallyConsistentMap";

    private final StorageService storage;
    private final Report report;

    /** The number of the next association, so that every put is of a new one. */
    private int next;

    Measurement(StorageService storage, Report report) {
        this.storage = storage;
        this.report = report;
    }

    void run() throws InterruptedException {
        consistent();
        eventual();
    }

    private void consistent() throws InterruptedException {
        // Opening a map waits for the Raft partitions; nothing of that is measured.
        AssociationStore store = new DistributedAssociationStore(storage);
        try {
            measure(store);
        } finally {
            destroy(store);
        }
    }

    private void measure(AssociationStore store) throws InterruptedException {
        report.step(CONSISTENT + ": warming up");
        put(store, WARM_UP, USUAL_IN_FLIGHT);

        report.step(CONSISTENT + ": one at a time");
        int first = next;
        report.load(CONSISTENT + ", put-if-absent, one at a time", put(store, SINGLE, 1));
        report.load(
                CONSISTENT + ", get, one at a time",
                Load.run(
                        first,
                        SINGLE,
                        1,
                        number -> store.get(Population.association(number).key())));
        for (int inFlight : IN_FLIGHT) {
            report.step(CONSISTENT + ": " + inFlight + " in flight");
            report.load(CONSISTENT + ", put-if-absent, " + inFlight + " in flight", put(store, LOAD, inFlight));
        }

        for (int inFlight : IN_FLIGHT) {
            report.step(CONSISTENT + ": whole lives, " + inFlight + " in flight");
            report.load(CONSISTENT + ", put-if-absent, then remove, " + inFlight + " in flight", live(store, inFlight));
        }

        report.step(CONSISTENT + ": memory");
        long before = Heap.used();
        put(store, WEIGHED, USUAL_IN_FLIGHT);
        report.figure(CONSISTENT + ", heap", (Heap.used() - before) / (double) WEIGHED, "bytes per association");
    }

    private Latencies put(AssociationStore store, int count, int inFlight) throws InterruptedException {
        Latencies latencies =
                Load.run(next, count, inFlight, number -> store.putIfAbsent(Population.association(number)));
        next += count;
        return latencies;
    }

    private Latencies live(AssociationStore store, int inFlight) throws InterruptedException {
        Latencies latencies =
                Load.run(next, LIVES, inFlight, number -> store.putIfAbsent(Population.association(number))
                        .thenCompose(store::remove));
        next += LIVES;
        return latencies;
    }

    private static void destroy(AssociationStore store) {
        try {
            store.destroy().join();
        } catch (CompletionException e) {
            throw new IllegalStateException("the map could not be emptied", e.getCause());
        }
    }

    private void eventual() throws InterruptedException {
        report.step(EVENTUAL + ": one at a time");
        EventuallyConsistentMap<String, byte[]> map = storage.<String, byte[]>eventuallyConsistentMapBuilder()
                .withName("ilb-storebench")
                .withSerializer(KryoNamespaces.API)
                .withTimestampProvider((key, value) -> new WallClockTimestamp())
                .build();
        try {
            put(map, WARM_UP);
            report.load(EVENTUAL + ", put, one at a time", put(map, LOAD));
            report.step(EVENTUAL + ": memory");
            long before = Heap.used();
            put(map, WEIGHED);
            report.figure(EVENTUAL + ", heap", (Heap.used() - before) / (double) WEIGHED, "bytes per association");
        } finally {
            map.clear();
            map.destroy();
        }
    }

    private Latencies put(EventuallyConsistentMap<String, byte[]> map, int count) throws InterruptedException {
        // Its put returns when the local copy is written; what it tells other nodes it tells them later.
        Latencies latencies = Load.run(next, count, 1, number -> {
            map.put(Population.key(number), Population.value(number));
            return completedFuture(number);
        });
        next += count;
        return latencies;
    }
}
