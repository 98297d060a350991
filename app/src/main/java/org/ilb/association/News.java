package org.ilb.association;

import org.ilb.Association;

/**
 * What becomes of what a table knows of a connection when it hears of it again.
 *
 * <p>News of the same epoch is later news, but for what only gets later: a connection that closes does not begin again because
 * of a message that was under way for long. News of another epoch contradicts: neither of two initial sequence numbers says
 * which came later, so that a table that hears both believes neither. Its ILB then asks who knows for sure, the store or the
 * owner; that costs a question, while believing the wrong one would cost a connection.
 */
final class News {

    private News() {}

    /**
     * Brings together what is known and what is heard.
     *
     * @return what is to be known from now on, or null if they contradict each other
     */
    static Association of(Association known, Association heard) {
        if (known == heard) {
            return known;
        }
        if (!known.isSameEpoch(heard)) {
            return null;
        }
        Association later = known.state().compareTo(heard.state()) > 0 ? heard.in(known.state()) : heard;
        return later.receiver().isPresent() || !known.receiver().isPresent()
                ? later
                : later.receivedBy(known.receiver().get());
    }
}
