package org.ilb.page;

/** Somebody who looks: one open page. */
interface Viewer {

    /**
     * Shows a snapshot, at once or as soon as the former one is through; of several that wait only the newest is shown.
     * Returns without waiting.
     *
     * @param snapshot what to show
     */
    void show(Snapshot snapshot);

    /** Ends the page's stream; the browser will ask for another. */
    void close();
}
