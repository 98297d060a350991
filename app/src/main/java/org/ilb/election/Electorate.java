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
    private static final long PLACE = PLACES - 1;
    private static final int SIGN = Long.SIZE - 1;

    private final View view;
    private final ScoreKind kind;
    private final long seed;
    private final IlbId[] members;
    /** For each member what is XORed with the connection's term of the CRC: the id's term and, when mixed, the seed. */
    private final long[] terms;

    private Electorate(View view, ScoreKind kind, long seed) {
        this.view = checkNotNull(view);
        this.kind = checkNotNull(kind);
        this.seed = seed;
        this.members = view.members().toArray(new IlbId[0]);
        this.terms = new long[members.length];
        for (int i = 0; i < members.length; i++) {
            long term = Crc.ofId(members[i]) & WORD;
            terms[i] = kind == ScoreKind.CRC32_MIXED ? term ^ seed : term;
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
     * @param key the connection
     * @return both, to be read by {@link #owner(long)} and {@link #backup(long)}
     */
    public long elect(FlowKey key) {
        long connection = Crc.ofConnection(key) & WORD;
        if (terms.length < 2 || terms.length > PLACES) {
            return electOneByOne(connection);
        }
        return kind == ScoreKind.CRC32_MIXED ? electMixed(connection) : electBare(connection);
    }

    /**
     * Elects without a branch that depends on a score: whichever way such a branch is foreseen, it is wrong so often that it
     * costs more than everything else.
     *
     * <p>A ballot is the score with the member's place in its lowest bits, so that the larger of two ballots is found by a
     * subtraction, and says whose it is. That makes the lowest bits of the score invisible; where it could matter, because
     * ballots differ in the place alone, the election is held again, one by one.
     */
    private long electMixed(long connection) {
        long best = Mixer.mix(terms[0] ^ connection) >>> 1 | PLACE;
        long second = 0;
        long alike = 0;
        for (int i = 1; i < terms.length; i++) {
            long ballot = (Mixer.mix(terms[i] ^ connection) >>> 1 | PLACE) - i;
            // All ones if the ballot beats the best, then they change places; and so with the second.
            long exchange = (best ^ ballot) & best - ballot >> SIGN;
            best ^= exchange;
            long loser = ballot ^ exchange;
            long difference = second ^ loser;
            // Below zero if nothing but the place differs.
            alike |= (difference >>> PLACE_BITS) - 1;
            second ^= difference & second - loser >> SIGN;
        }
        alike |= ((best ^ second) >>> PLACE_BITS) - 1;
        return alike < 0 ? electOneByOne(connection) : elected(best, second);
    }

    /** As {@link #electMixed}; a bare CRC leaves room for the place, so that nothing becomes invisible. */
    private long electBare(long connection) {
        long best = (terms[0] ^ connection) << PLACE_BITS | PLACE;
        long second = 0;
        for (int i = 1; i < terms.length; i++) {
            long ballot = ((terms[i] ^ connection) << PLACE_BITS | PLACE) - i;
            long exchange = (best ^ ballot) & best - ballot >> SIGN;
            best ^= exchange;
            long loser = ballot ^ exchange;
            second ^= (second ^ loser) & second - loser >> SIGN;
        }
        return elected(best, second);
    }

    private static long elected(long best, long second) {
        return packed((int) (PLACE - (best & PLACE)), (int) (PLACE - (second & PLACE)));
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
        long crc = terms[member] ^ connection;
        return kind == ScoreKind.CRC32_MIXED ? Mixer.mix(crc) : crc;
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
