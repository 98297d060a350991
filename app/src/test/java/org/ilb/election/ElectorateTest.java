package org.ilb.election;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import com.google.common.primitives.UnsignedLongs;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.ilb.FlowKey;
import org.ilb.FlowMask;
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.onlab.packet.IpAddress;

/** What any election must do, whatever the scores. Each property is tried on many random electorates. */
class ElectorateTest {

    private static final int TRIALS = 3_000;
    private static final int MOST_MEMBERS = 20;

    @ParameterizedTest
    @EnumSource
    void electsTheFirstTwoOfTheRanking(ScoreKind kind) {
        Random random = new Random(1);
        for (int i = 0; i < TRIALS; i++) {
            Electorate electorate = random(kind, 2 + random.nextInt(MOST_MEMBERS), random);
            FlowKey key = Keys.anywhere(random);
            assertElected(electorate.rank(key), electorate);
        }
    }

    @ParameterizedTest
    @EnumSource
    void electsAmongThousands(ScoreKind kind) {
        Random random = new Random(9);
        // So many that scores are close to each other time and again.
        for (int members : new int[] {1_023, 1_024, 1_025, 3_000}) {
            Electorate electorate = random(kind, members, random);
            for (int i = 0; i < 1_000; i++) {
                assertElected(electorate.rank(Keys.anywhere(random)), electorate);
            }
        }
    }

    private static void assertElected(Ranking ranking, Electorate electorate) {
        long elected = electorate.elect(ranking.key());
        assertEquals(ranking.owner(), electorate.member(Electorate.owner(elected)));
        assertEquals(ranking.backup().get(), electorate.member(Electorate.backup(elected)));
    }

    @ParameterizedTest
    @EnumSource
    void ranksEachMemberOnceByDecreasingUnsignedScore(ScoreKind kind) {
        Random random = new Random(2);
        for (int i = 0; i < TRIALS; i++) {
            Electorate electorate = random(kind, 1 + random.nextInt(MOST_MEMBERS), random);
            List<Ranking.Score> scores = electorate.rank(Keys.anywhere(random)).scores();
            assertEquals(
                    electorate.size(),
                    scores.stream().map(Ranking.Score::ilb).distinct().count());
            for (int j = 1; j < scores.size(); j++) {
                assertTrue(UnsignedLongs.compare(
                                scores.get(j - 1).value(), scores.get(j).value())
                        >= 0);
            }
        }
    }

    @Test
    void scoresAreTheClaimsCrcOverIdAndConnection() {
        Random random = new Random(3);
        for (int i = 0; i < TRIALS; i++) {
            FlowKey key = Keys.anywhere(random);
            for (Ranking.Score score :
                    random(ScoreKind.CRC32, 5, random).rank(key).scores()) {
                CRC32 crc = new CRC32();
                crc.update(score.ilb().toBytes());
                crc.update(key.toBytes());
                assertEquals(crc.getValue(), score.value());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theOrderOfMembersDoesNotMatter(ScoreKind kind) {
        Random random = new Random(4);
        for (int i = 0; i < TRIALS; i++) {
            List<IlbId> members = new ArrayList<>(anyIds(2 + random.nextInt(MOST_MEMBERS), random));
            long seed = random.nextLong();
            FlowKey key = Keys.anywhere(random);
            Ranking first = Electorate.of(new View(1, members), kind, seed).rank(key);
            Collections.shuffle(members, random);
            Electorate shuffled = Electorate.of(new View(2, members), kind, seed);
            assertElected(shuffled.rank(key), shuffled);
            assertEquals(
                    Iterables.transform(first.scores(), Ranking.Score::ilb).toString(),
                    Iterables.transform(shuffled.rank(key).scores(), Ranking.Score::ilb)
                            .toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLeaverOnlyGivesUpItsPlaceInTheRanking(ScoreKind kind) {
        Random random = new Random(5);
        for (int i = 0; i < TRIALS; i++) {
            List<IlbId> members = anyIds(3 + random.nextInt(MOST_MEMBERS), random);
            long seed = random.nextLong();
            FlowKey key = Keys.anywhere(random);
            List<IlbId> before = ranked(Electorate.of(new View(1, members), kind, seed), key);
            IlbId leaver = members.get(random.nextInt(members.size()));
            List<IlbId> remaining = new ArrayList<>(members);
            remaining.remove(leaver);
            before.remove(leaver);
            // So on a leave only what the leaver owned or backed up moves, and on a join only what the newcomer wins.
            assertEquals(before, ranked(Electorate.of(new View(2, remaining), kind, seed), key));
        }
    }

    private static List<IlbId> ranked(Electorate electorate, FlowKey key) {
        List<IlbId> ids = new ArrayList<>();
        electorate.rank(key).scores().forEach(score -> ids.add(score.ilb()));
        return ids;
    }

    @Test
    void aTieGoesToTheSmallerId() {
        // A CRC-32 of four more bytes than another may well be the same; with ids of one length it never is.
        FlowKey key = FlowKey.of(0x0a640001, 80, 0x0a010001, 40_000);
        IlbId small = IlbId.of(IpAddress.valueOf("10.0.0.1"));
        IlbId twin = twinOf(small);
        for (ScoreKind kind : ScoreKind.values()) {
            Electorate electorate = Electorate.of(new View(1, ImmutableList.of(twin, small)), kind, 7);
            List<Ranking.Score> scores = electorate.rank(key).scores();
            assertEquals(scores.get(0).value(), scores.get(1).value());
            assertEquals(small, scores.get(0).ilb());
            assertElected(electorate.rank(key), electorate);
            // Among others the two tie for any place.
            for (int other = 1; other < 100; other++) {
                Electorate more = Electorate.of(
                        new View(1, ImmutableList.of(IlbId.ofIndex(other), twin, IlbId.ofIndex(other + 1), small)),
                        kind,
                        7);
                assertElected(more.rank(key), more);
            }
        }
    }

    /** An IPv6 address, larger as bytes, that has the same CRC: its last four bytes bring any CRC about. */
    private static IlbId twinOf(IlbId id) {
        byte[] address = new byte[IpAddress.INET6_BYTE_LENGTH];
        address[0] = 0x20;
        int target = Crc.ofId(id);
        IlbId zero = IlbId.of(IpAddress.valueOf(IpAddress.Version.INET6, address));
        int difference = target ^ Crc.ofId(zero);
        // What each of the last 32 bits changes is linear: solve for those that make up the difference.
        int[] changes = new int[Integer.SIZE];
        int[] bits = new int[Integer.SIZE];
        for (int bit = 0; bit < Integer.SIZE; bit++) {
            bits[bit] = 1 << bit;
            changes[bit] = Crc.ofId(withLast(address, bits[bit])) ^ Crc.ofId(zero);
        }
        int solution = 0;
        for (int row = 0; row < Integer.SIZE; row++) {
            int pivot = Integer.highestOneBit(changes[row]);
            assertTrue(pivot != 0);
            for (int other = 0; other < Integer.SIZE; other++) {
                if (other != row && (changes[other] & pivot) != 0) {
                    changes[other] ^= changes[row];
                    bits[other] ^= bits[row];
                }
            }
        }
        for (int row = 0; row < Integer.SIZE; row++) {
            if ((difference & Integer.highestOneBit(changes[row])) != 0) {
                solution ^= bits[row];
            }
        }
        IlbId twin = withLast(address, solution);
        assertEquals(target, Crc.ofId(twin));
        return twin;
    }

    private static IlbId withLast(byte[] address, int word) {
        byte[] changed = address.clone();
        for (int i = 0; i < Integer.BYTES; i++) {
            changed[changed.length - 1 - i] = (byte) (word >>> Byte.SIZE * i);
        }
        return IlbId.of(IpAddress.valueOf(IpAddress.Version.INET6, changed));
    }

    @Test
    void oneMemberOwnsEverythingWithoutABackup() {
        Random random = new Random(6);
        for (ScoreKind kind : ScoreKind.values()) {
            Electorate electorate = random(kind, 1, random);
            long elected = electorate.elect(Keys.anywhere(random));
            assertEquals(0, Electorate.owner(elected));
            assertEquals(Electorate.NOBODY, Electorate.backup(elected));
            assertNull(electorate.member(Electorate.NOBODY));
        }
    }

    @Test
    void aViewWithoutMembersElectsNobody() {
        Random random = new Random(7);
        for (ScoreKind kind : ScoreKind.values()) {
            Electorate electorate = random(kind, 0, random);
            FlowKey key = Keys.anywhere(random);
            long elected = electorate.elect(key);
            assertEquals(Electorate.NOBODY, Electorate.owner(elected));
            assertEquals(Electorate.NOBODY, Electorate.backup(elected));
            assertThrows(IllegalArgumentException.class, () -> electorate.rank(key));
        }
    }

    @Test
    void theFullMaskKeepsEveryBit() {
        Random random = new Random(8);
        for (int i = 0; i < TRIALS; i++) {
            FlowKey key = Keys.anywhere(random);
            FlowKey masked = FlowMask.CONNECTION.key(
                    key.destinationAddress(), key.destinationPort(), key.sourceAddress(), key.sourcePort());
            assertArrayEquals(key.toBytes(), masked.toBytes());
        }
    }

    @Test
    void theSeedStaysSecret() {
        Electorate electorate = Electorate.of(new View(1, ImmutableList.of()), ScoreKind.CRC32_MIXED, 0x5eedL);
        assertEquals("CRC32_MIXED over view 1 []", electorate.toString());
    }

    private static Electorate random(ScoreKind kind, int members, Random random) {
        return Electorate.of(new View(1, anyIds(members, random)), kind, random.nextLong());
    }

    private static List<IlbId> anyIds(int count, Random random) {
        return Ids.values()[random.nextInt(Ids.values().length)].some(count, random);
    }
}
