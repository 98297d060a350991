package org.ilb.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.servlet.AsyncContext;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import org.ilb.FrontEnd;
import org.ilb.rest.SampleIlb;
import org.junit.jupiter.api.Test;

/** A stream writes when its reader takes it, newest first, and gives up whoever never does. */
class StreamTest {

    private final AsyncContext context = mock(AsyncContext.class);
    private final Line line = new Line();
    private final List<Viewer> gone = new ArrayList<>();
    private final SampleIlb ilb = new SampleIlb(true);
    private final FrontEnd frontEnd = ilb.frontEnd().orElseThrow();
    private long now;
    private final Stream stream = new Stream(
            context, line, "event: user\ndata: {}\n\n".getBytes(StandardCharsets.UTF_8), gone::add, () -> now);

    @Test
    void nothingIsWrittenBeforeTheContainerSaysSo() {
        stream.show(snapshot(null, 1));
        assertEquals(List.of(), line.written);
        stream.onWritePossible();
        assertEquals(List.of("user", "configuration", "status 1"), line.written);
    }

    @Test
    void theConfigurationIsWrittenOnceUntilItChanges() {
        stream.onWritePossible();
        Snapshot first = snapshot(null, 1);
        stream.show(first);
        stream.show(snapshot(first, 2));
        stream.show(snapshot(null, 3));
        assertEquals(
                List.of("user", "configuration", "status 1", "status 2", "configuration", "status 3"), line.written);
        assertEquals(line.written.size(), line.flushes);
    }

    @Test
    void aSlowReaderMissesWhatIsOld() {
        stream.onWritePossible();
        Snapshot first = snapshot(null, 1);
        stream.show(first);
        line.ready = false;
        stream.show(snapshot(first, 2));
        stream.show(snapshot(first, 3));
        line.ready = true;
        stream.onWritePossible();
        assertEquals(List.of("user", "configuration", "status 1", "status 3"), line.written);
    }

    @Test
    void whoTakesNothingForHalfAMinuteIsGivenUp() {
        stream.onWritePossible();
        line.ready = false;
        for (int second = 0; second < 29; second++) {
            now += Duration.ofSeconds(1).toNanos();
            stream.show(snapshot(null, second));
        }
        assertTrue(gone.isEmpty());
        now += Duration.ofSeconds(1).toNanos();
        stream.show(snapshot(null, 30));
        assertEquals(List.of(stream), gone);
        stream.close();
        verify(context, times(1)).complete();
    }

    @Test
    void whoHangsUpIsGone() {
        stream.onWritePossible();
        stream.onError(new IOException("broken pipe"));
        assertEquals(List.of(stream), gone);
        int before = line.written.size();
        stream.show(snapshot(null, 1));
        assertEquals(before, line.written.size());
    }

    @Test
    void whoHungUpIsNoticedWhenHeIsWrittenTo() {
        stream.onWritePossible();
        line.broken = true;
        stream.show(snapshot(null, 1));
        assertEquals(List.of(stream), gone);
        verify(context).complete();
    }

    private Snapshot snapshot(Snapshot former, long at) {
        return Snapshot.take(
                new SampleIlb(true) {
                    @Override
                    public Optional<FrontEnd> frontEnd() {
                        return Optional.of(frontEnd);
                    }
                },
                former,
                at);
    }

    /** Remembers what was written, in short; complains when it is written to without having been asked. */
    private static final class Line extends ServletOutputStream {

        private final List<String> written = new ArrayList<>();
        private int flushes;
        private boolean ready = true;
        private boolean asked;
        private boolean broken;

        @Override
        public void write(byte[] bytes) throws IOException {
            if (broken) {
                throw new IOException("broken pipe");
            }
            assertTrue(asked);
            asked = false;
            String text = new String(bytes, StandardCharsets.UTF_8);
            String name = text.substring("event: ".length(), text.indexOf('\n'));
            int at = text.indexOf("\"at\":");
            written.add(name.equals("status") ? name + " " + text.substring(at + 5, text.indexOf(',', at)) : name);
        }

        @Override
        public void write(int one) {
            throw new AssertionError("byte by byte");
        }

        @Override
        public void flush() {
            assertTrue(asked);
            asked = false;
            flushes++;
        }

        @Override
        public boolean isReady() {
            asked = ready;
            return ready;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new AssertionError("that is the servlet's business");
        }
    }
}
