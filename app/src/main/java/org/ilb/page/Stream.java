package org.ilb.page;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;

/**
 * One page's stream of events, written without ever waiting for its reader (Servlet 3.1, 5.7).
 *
 * <p>Thread-safe. A reader who takes nothing for half a minute is given up, so that nobody holds a place without looking.
 */
final class Stream implements Viewer, WriteListener, AsyncListener {

    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final AsyncContext context;
    private final ServletOutputStream out;
    private final Consumer<Viewer> whenGone;
    private final LongSupplier clock;

    private byte[] greeting;
    private byte[] configuration;
    private Snapshot waiting;
    private boolean started;
    private boolean unflushed;
    private boolean closed;
    private long progress;

    /**
     * Creates a stream.
     *
     * @param context the request, which is asynchronous already
     * @param out where to write
     * @param greeting the first event
     * @param whenGone is told when the page is closed
     * @param clock nanoseconds that pass
     */
    Stream(
            AsyncContext context,
            ServletOutputStream out,
            byte[] greeting,
            Consumer<Viewer> whenGone,
            LongSupplier clock) {
        this.context = context;
        this.out = out;
        this.greeting = greeting;
        this.whenGone = whenGone;
        this.clock = clock;
        progress = clock.getAsLong();
    }

    @Override
    public void show(Snapshot snapshot) {
        boolean readerIsThere;
        synchronized (this) {
            waiting = snapshot;
            readerIsThere = write() && clock.getAsLong() - progress < PATIENCE_NANOS;
        }
        if (!readerIsThere) {
            close();
        }
    }

    @Override
    public void onWritePossible() {
        boolean readerIsThere;
        synchronized (this) {
            started = true;
            readerIsThere = write();
        }
        if (!readerIsThere) {
            close();
        }
    }

    /** Writes what there is to write, for as long as the reader takes it; returns false if he hung up. */
    private boolean write() {
        try {
            // Before the container has called for the first time it is not to be asked.
            while (started && !closed && out.isReady()) {
                progress = clock.getAsLong();
                if (unflushed) {
                    unflushed = false;
                    out.flush();
                    continue;
                }
                byte[] next = next();
                if (next == null) {
                    break;
                }
                unflushed = true;
                out.write(next);
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private byte[] next() {
        byte[] next = greeting;
        greeting = null;
        if (next == null && waiting != null) {
            if (waiting.configuration() != configuration) {
                next = configuration = waiting.configuration();
            } else {
                next = waiting.status();
                waiting = null;
            }
        }
        return next;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        gone();
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // It is complete.
            return;
        }
    }

    private void gone() {
        whenGone.accept(this);
    }

    @Override
    public void onError(Throwable problem) {
        close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            closed = true;
        }
        gone();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        close();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // There is no second start.
    }
}
