package org.ilb.frontend;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.ilb.View;
import org.ilb.ViewPeriod;

/** The last views and since when they were in force. Thread-safe. */
final class ViewHistory {

    private static final int LENGTH = 100;

    private final Deque<ViewPeriod> views = new ArrayDeque<>();

    /** A view came into force. */
    synchronized void entered(View view, Instant now) {
        views.addLast(new ViewPeriod(view, now));
        if (views.size() > LENGTH) {
            views.removeFirst();
        }
    }

    /** Returns the views, the last one first. */
    synchronized List<ViewPeriod> all() {
        return Lists.reverse(ImmutableList.copyOf(views));
    }
}
