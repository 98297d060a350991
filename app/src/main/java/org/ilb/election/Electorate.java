package org.ilb.election;

import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.primitives.UnsignedLongs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.ScoreKind;
import org.ilb.View;

/**
 * The ILBs of one view, ready to be scored: elects the owner and the backup of each connection (claims 2, 3, 7, 8, 9).
 *
 * <p>Two electorates of the same members, kind of score and seed elect alike, wherever they are. Scores compare unsigned;
 * equal ones go to the smaller ILB id, compared as bytes.
 *
 * <p>Immutable and thread-safe.
 */
public final class Electorate {

    /** The index of nobody: the owner in a view without members, the backup in a view of less than two. */
    public static final int NOBODY = -1;

    private static final long WORD = 0xffffffffL;

    /** How many bits of a ballot say whose it is, which bits these are, and how many members they can tell apart. */
    private static final int PLACE_BITS = 10;

    private static final int PLACES = 1 << PLACE_BITS;
    private static final int PLACE = PLACES - 1;

    private final View view;
    private final ScoreKind kind;
    private final long seed;
    private final IlbId[] members;
    /** For each member what is XORed with the connection's term of the CRC: the id's term, when mixed keyed and begun. */
    private final long[] terms;

    private final boolean mixed;

    private Electorate(View view, ScoreKind kind, long seed) {
        this.view = checkNotNull(view);
        this.kind = checkNotNull(kind);
        this.seed = seed;
        this.mixed = kind == ScoreKind.CRC32_MIXED;
        this.members = view.members().toArray(new IlbId[0]);
        this.terms = new long[members.length];
        for (int i = 0; i < members.length; i++) {
            long term = Crc.ofId(members[i]) & WORD;
            terms[i] = mixed ? Mixer.begin(term ^ seed) : term;
        }
    }

    /**
     * Returns the electorate of a view.
     *
     * @param view its members are the candidates; there may be none
     * @param kind how they are scored
     * @param seed the secret of {@link ScoreKind#CRC32_MIXED}; {@link ScoreKind#CRC32} ignores it
     * @return the electorate
     */
    public static Electorate of(View view, ScoreKind kind, long seed) {
        return new Electorate(view, kind, seed);
    }

    /**
     * Returns the electorate of another view, scored in the same way.
     *
     * @param next the other view
     * @return its electorate
     */
    public Electorate of(View next) {
        return new Electorate(next, kind, seed);
    }

    /**
     * Returns the view whose members are elected.
     *
     * @return the view
     */
    public View view() {
        return view;
    }

    /**
     * Returns how many ILBs can be elected.
     *
     * @return the number of members of the view
     */
    public int size() {
        return members.length;
    }

    /**
     * Returns a member by its index.
     *
     * @param index as {@link #owner(long)} and {@link #backup(long)} give it
     * @return its id, or null for {@link #NOBODY}
     */
    public IlbId member(int index) {
        return index == NOBODY ? null : members[index];
    }

    /**
     * Returns the index of a member.
     *
     * @param id the id of an ILB
     * @return its index, or {@link #NOBODY} if it is not a member
     */
    public int indexOf(IlbId id) {
        for (int i = 0; i < members.length; i++) {
            if (members[i].equals(id)) {
                return i;
            }
        }
        return NOBODY;
    }

    /**
     * Elects the owner and the backup of a connection (claim 8). Allocates nothing.
     *
     * <p>There is no branch that depends on a score: whichever way one is foreseen it is wrong so often that it would cost more
     * than everything else. A ballot is the upper part of a score with the member's place in its lowest bits, so that the
     * largest ballots are found by taking minima and maxima, and say whose they are. Where the three largest do not tell each
     * other apart by their scores' upper parts, the election is held again one by one.
     *
     * @param key the connection
     * @return both, to be read by {@link #owner(long)} and {@link #backup(long)}
     */
    public long elect(FlowKey key) {
        long connection = Crc.ofConnection(key) & WORD;
        if (terms.length < 2 || terms.length > PLACES) {
            return electOneByOne(connection);
        }
        int best = ballot(0, connection);
        int second = 0;
        int third = 0;
        for (int i = 1; i < terms.length; i++) {
            int ballot = ballot(i, connection);
            int loser = Math.min(best, ballot);
            best = Math.max(best, ballot);
            third = Math.max(third, Math.min(second, loser));
            second = Math.max(second, loser);
        }
        return isAlike(best, second) || isAlike(second, third)
                ? electOneByOne(connection)
                : packed(PLACE - (best & PLACE), PLACE - (second & PLACE));
    }

    /** The upper 31 bits of a score, the lowest of them replaced by the member's place, counted from the end. */
    private int ballot(int member, long connection) {
        long term = terms[member] ^ connection;
        int upper = mixed ? (int) (Mixer.middle(term) >>> Integer.SIZE + 1) : (int) (term >>> 1);
        return (upper | PLACE) - member;
    }

    private static boolean isAlike(int ballot, int other) {
        return (ballot ^ other) >>> PLACE_BITS == 0;
    }

    /** Elects as it is defined, for any number of members. */
    private long electOneByOne(long connection) {
        int owner = NOBODY;
        int backup = NOBODY;
        long best = 0;
        long second = 0;
        for (int i = 0; i < terms.length; i++) {
            long score = score(i, connection);
            if (owner == NOBODY || UnsignedLongs.compare(score, best) > 0) {
                second = best;
                backup = owner;
                best = score;
                owner = i;
            } else if (backup == NOBODY || UnsignedLongs.compare(score, second) > 0) {
                second = score;
                backup = i;
            }
        }
        return packed(owner, backup);
    }

    private long score(int member, long connection) {
        long term = terms[member] ^ connection;
        return mixed ? Mixer.end(Mixer.middle(term)) : term;
    }

    private static long packed(int owner, int backup) {
        return (long) owner << Integer.SIZE | backup & WORD;
    }

    /**
     * Returns the owner from an election.
     *
     * @param elected what {@link #elect} returned
     * @return the index of the member with the largest score, or {@link #NOBODY}
     */
    public static int owner(long elected) {
        return (int) (elected >> Integer.SIZE);
    }

    /**
     * Returns the backup from an election.
     *
     * @param elected what {@link #elect} returned
     * @return the index of the member with the second largest score, or {@link #NOBODY}
     */
    public static int backup(long elected) {
        return (int) elected;
    }

    /**
     * Ranks all members for a connection: for showing, not for the hot path.
     *
     * @param key the connection
     * @return the members by decreasing score
     * @throws IllegalArgumentException if the view has no members
     */
    public Ranking rank(FlowKey key) {
        long connection = Crc.ofConnection(key) & WORD;
        List<Ranking.Score> scores = new ArrayList<>(members.length);
        for (int i = 0; i < members.length; i++) {
            scores.add(new Ranking.Score(members[i], score(i, connection)));
        }
        scores.sort(Comparator.comparing(Ranking.Score::value, UnsignedLongs::compare)
                .reversed()
                .thenComparing(Ranking.Score::ilb));
        return new Ranking(key, view.number(), scores);
    }

    @Override
    public String toString() {
        // Without the seed, which is a secret.
        return kind + " over " + view;
    }
}
