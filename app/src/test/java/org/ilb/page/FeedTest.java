package org.ilb.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.ilb.IlbService;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** Snapshots are taken for those who look, and for nobody else. */
class FeedTest {

    private final ScheduledExecutorService executor = mock(ScheduledExecutorService.class);
    private final ScheduledFuture<?> ticking = mock(ScheduledFuture.class);
    private IlbService ilb = new SampleIlb(true);
    private final Feed feed = new Feed(
            () -> {
                if (ilb == null) {
                    throw new IllegalStateException("as if the application were stopping");
                }
                return ilb;
            },
            executor,
            () -> 7);

    @BeforeEach
    void schedule() {
        when(executor.scheduleAtFixedRate(any(), anyLong(), anyLong(), any())).thenAnswer(call -> ticking);
    }

    @Test
    void whileNobodyLooksNothingIsDone() {
        verify(executor, never()).scheduleAtFixedRate(any(), anyLong(), anyLong(), any());
        Guest guest = new Guest();
        feed.add(guest);
        feed.remove(guest);
        feed.remove(guest);
        verify(ticking, times(1)).cancel(false);
        feed.add(new Guest());
        verify(executor, times(2)).scheduleAtFixedRate(any(), eq(0L), eq(1000L), eq(TimeUnit.MILLISECONDS));
    }

    @Test
    void everybodySeesTheSameSnapshotAndNewcomersTheLast() {
        Guest one = new Guest();
        Guest two = new Guest();
        feed.add(one);
        feed.add(two);
        tick();
        tick();
        assertEquals(2, one.seen.size());
        assertEquals(one.seen, two.seen);
        Guest late = new Guest();
        feed.add(late);
        assertEquals(one.seen.subList(1, 2), late.seen);
    }

    @Test
    void aMomentWithoutTheApplicationIsLeftOut() {
        Guest guest = new Guest();
        feed.add(guest);
        ilb = null;
        tick();
        assertTrue(guest.seen.isEmpty());
        ilb = new SampleIlb(false);
        tick();
        assertEquals(1, guest.seen.size());
    }

    @Test
    void thereIsRoomForSoMany() {
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < Feed.MAX_VIEWERS; i++) {
            guests.add(new Guest());
            assertTrue(feed.add(guests.get(i)));
        }
        assertFalse(feed.add(new Guest()));
        feed.remove(guests.get(5));
        assertTrue(feed.add(new Guest()));
    }

    @Test
    void itsEndIsEverybodysEnd() {
        Guest guest = new Guest();
        feed.add(guest);
        feed.close();
        assertTrue(guest.closed);
        verify(executor).shutdownNow();
        assertFalse(feed.add(new Guest()));
    }

    private void tick() {
        ArgumentCaptor<Runnable> task = ArgumentCaptor.forClass(Runnable.class);
        verify(executor).scheduleAtFixedRate(task.capture(), anyLong(), anyLong(), any());
        task.getValue().run();
    }

    private static final class Guest implements Viewer {

        private final List<Snapshot> seen = new ArrayList<>();
        private boolean closed;

        @Override
        public void show(Snapshot snapshot) {
            seen.add(snapshot);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
