package org.ilb.connection;

import static org.ilb.connection.Scenery.SERVER;
import static org.ilb.connection.Scenery.association;
import static org.ilb.connection.Scenery.electorate;
import static org.ilb.connection.Scenery.ilbs;
import static org.ilb.connection.Scenery.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ilb.Association;
import org.ilb.AssociationState;
import org.ilb.Endpoint;
import org.ilb.HandOff;
import org.ilb.IlbId;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.UnknownConnection;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.ilb.membership.Membership;
import org.ilb.server.Affinities;
import org.junit.jupiter.api.Test;

class BalancersTest {

    private static final List<Service> SERVICES = List.of(new Service(
            "web",
            Endpoint.parse("10.100.0.1:80"),
            "weighted-round-robin",
            HandOff.DIRECT,
            UnknownConnection.RESET,
            List.of(),
            List.of(new Server(SERVER, 1, null, null))));

    private static Balancers balancers(Electorate electorate, int ilbs) {
        Balancers balancers = new Balancers(electorate, 10, new Affinities(() -> 0));
        balancers.configured(new TreeSet<>(ilbs(ilbs)), SERVICES);
        return balancers;
    }

    private static void assertAgreed(Balancers balancers, Association association) {
        Association elected = association(balancers.electorate(), association.key());
        for (LoadBalancer ilb : balancers.all()) {
            Association known = ilb.ltoc().get(association.key());
            assertEquals(
                    elected.concerns(ilb.id()),
                    known != null,
                    () -> ilb.id() + " in " + balancers.electorate().view() + " on " + elected);
            if (known != null) {
                assertEquals(elected.owner(), known.owner());
                assertEquals(elected.backup(), known.backup());
            }
        }
    }

    @Test
    void whatIsPublishedIsKnownToOwnerAndBackupInTheViewInForce() {
        Balancers balancers = balancers(electorate(3, ilbs(4)), 5);
        for (int i = 0; i < 200; i++) {
            // Elected by an older view, as it may come from the store.
            Association association = association(electorate(2, ilbs(5)), key(i));
            balancers.publish(association);
            assertAgreed(balancers, association);
            balancers.ended(association);
            balancers.all().forEach(ilb -> assertNull(ilb.known(association.key())));
        }
    }

    @Test
    void anotherStateIsNotedByOwnerAndBackup() {
        Balancers balancers = balancers(electorate(3, ilbs(4)), 5);
        for (int i = 0; i < 100; i++) {
            Association association = association(balancers.electorate(), key(i));
            Association closing = association.in(AssociationState.CLOSING);
            assertTrue(balancers.update(closing).isEmpty());
            balancers.publish(association);
            assertEquals(closing, balancers.update(closing).get());
            assertEquals(closing, balancers.of(association.owner()).known(association.key()));
            assertEquals(closing, balancers.of(association.backup().get()).known(association.key()));
        }
    }

    @Test
    void whatIsSupersededIsForgottenAndTheNewOneKnown() {
        Balancers balancers = balancers(electorate(3, ilbs(4)), 5);
        for (int i = 0; i < 100; i++) {
            Association former = association(balancers.electorate(), key(i));
            Association next = new Association(
                    former.key(),
                    SERVER,
                    former.owner(),
                    former.backup().get(),
                    former.view(),
                    former.initialSequence() + 1);
            balancers.publish(former);
            balancers.all().forEach(ilb -> ilb.learnt(former));
            balancers.superseded(former, next);
            assertAgreed(balancers, next);
            balancers.all().forEach(ilb -> {
                Association known = ilb.known(next.key());
                assertTrue(known == null || known.equals(next));
            });
        }
    }

    @Test
    void aConfigurationKeepsWhatStaysAndForgetsWhatGoes() {
        Balancers balancers = balancers(electorate(1, ilbs(3)), 3);
        LoadBalancer one = balancers.of(IlbId.ofIndex(1));
        balancers.configured(new TreeSet<>(ilbs(2)), SERVICES);
        assertSame(one, balancers.of(IlbId.ofIndex(1)));
        assertThrows(IllegalArgumentException.class, () -> balancers.of(IlbId.ofIndex(3)));
        assertTrue(balancers.find(IlbId.ofIndex(3)).isEmpty());
        balancers.configured(new TreeSet<>(ilbs(4)), SERVICES);
        assertEquals(List.copyOf(ilbs(4)), ids(balancers));
    }

    private static List<IlbId> ids(Balancers balancers) {
        List<IlbId> ids = new ArrayList<>();
        balancers.all().forEach(ilb -> ids.add(ilb.id()));
        return ids;
    }

    @Test
    void aNewViewMovesWhatItMustAndAllAgree() {
        Random random = new Random(1);
        Balancers balancers = balancers(electorate(1, ilbs(4)), 8);
        List<Association> live = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Association association = association(balancers.electorate(), key(i));
            balancers.publish(association);
            live.add(association);
        }
        for (int step = 0; step < 50; step++) {
            View next = oneInOrOut(balancers.electorate().view(), random);
            balancers.change(next).forEach(table -> table.associations().forEach(balancers::transferred));
            live.forEach(association -> assertAgreed(balancers, association));
        }
    }

    private static View oneInOrOut(View view, Random random) {
        Set<IlbId> members = new TreeSet<>(view.members());
        IlbId one = IlbId.ofIndex(1 + random.nextInt(8));
        // At least two stay, for a connection may lose one of those that know it, not both.
        if (!members.remove(one) || members.size() < 2) {
            members.add(one);
        }
        return Membership.next(view, members);
    }

    @Test
    void whatEndedAfterTheTableWasMadeIsNotRevived() {
        Balancers balancers = balancers(electorate(1, ilbs(3)), 4);
        List<Association> transfers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            balancers.publish(association(balancers.electorate(), key(i)));
        }
        balancers.change(new View(2, ilbs(4))).forEach(table -> transfers.addAll(table.associations()));
        assertTrue(transfers.size() > 10);
        transfers.forEach(balancers::ended);
        transfers.forEach(balancers::transferred);
        for (Association association : transfers) {
            balancers.all().forEach(ilb -> assertNull(ilb.known(association.key())));
        }
    }

    /** Connections begin and end, each on its stripe, while the view changes time and again: in the end all agree. */
    @Test
    void segmentsGoOnBeingDecidedWhileTheViewChanges() throws Exception {
        Balancers balancers = balancers(electorate(1, ilbs(4)), 8);
        List<ExecutorService> stripes = new ArrayList<>();
        List<List<Association>> live = new ArrayList<>();
        List<CompletableFuture<Void>> traffic = new ArrayList<>();
        AtomicBoolean stop = new AtomicBoolean();
        for (int i = 0; i < 3; i++) {
            ExecutorService stripe = Executors.newSingleThreadExecutor();
            List<Association> mine = new ArrayList<>();
            int number = i;
            stripes.add(stripe);
            live.add(mine);
            CompletableFuture<Void> done = new CompletableFuture<>();
            traffic.add(done);
            stripe.execute(() -> connect(balancers, stripe, mine, new Random(number), number, stop, done));
        }
        try {
            Random random = new Random(4);
            for (int step = 0; step < 200; step++) {
                List<CompletableFuture<Void>> told = new ArrayList<>();
                balancers
                        .change(oneInOrOut(balancers.electorate().view(), random))
                        .forEach(table -> table.associations()
                                .forEach(association -> told.add(CompletableFuture.runAsync(
                                        () -> balancers.transferred(association),
                                        stripes.get(stripeOf(association))))));
                CompletableFuture.allOf(told.toArray(new CompletableFuture<?>[0]))
                        .get(20, TimeUnit.SECONDS);
            }
            stop.set(true);
            CompletableFuture.allOf(traffic.toArray(new CompletableFuture<?>[0]))
                    .get(20, TimeUnit.SECONDS);
            int count = 0;
            for (List<Association> associations : live) {
                associations.forEach(association -> assertAgreed(balancers, association));
                count += associations.size();
            }
            int owned =
                    balancers.all().stream().mapToInt(ilb -> ilb.ltoc().owned()).sum();
            assertEquals(count, owned, "nothing is left of what ended");
        } finally {
            stripes.forEach(ExecutorService::shutdownNow);
        }
    }

    private static int stripeOf(Association association) {
        return association.initialSequence() % 3;
    }

    /** A few connections begin or end, then whatever else waits for the stripe has its turn. */
    private static void connect(
            Balancers balancers,
            ExecutorService stripe,
            List<Association> live,
            Random random,
            int number,
            AtomicBoolean stop,
            CompletableFuture<Void> done) {
        for (int i = 0; i < 20; i++) {
            if (live.size() > 300) {
                balancers.ended(live.remove(random.nextInt(live.size())));
            } else {
                int sequence = 3 * random.nextInt(1_000) + number;
                if (live.stream().noneMatch(association -> association.initialSequence() == sequence)) {
                    Association association =
                            new Association(key(sequence), SERVER, IlbId.ofIndex(99), null, 0, sequence);
                    balancers.publish(association);
                    live.add(association);
                }
            }
        }
        if (stop.get()) {
            done.complete(null);
        } else {
            stripe.execute(() -> connect(balancers, stripe, live, random, number, stop, done));
        }
    }
}
