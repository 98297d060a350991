package org.ilb.election;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.UnsignedLongs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.FlowMask;
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.onlab.packet.IpAddress;

/**
 * One line that the oracle understands: {@code kind seed id,id,... dstPort dstIp srcPort srcIp}, and for the bucket of that
 * connection the mask of its port.
 */
final class Question {

    private final ScoreKind kind;
    private final long seed;
    private final ImmutableList<IlbId> ids;
    private final FlowKey key;
    /** The mask of a bucket's port, 0 for the connection itself. */
    private final int portMask;

    private Question(ScoreKind kind, long seed, List<IlbId> ids, FlowKey key, int portMask) {
        this.kind = kind;
        this.seed = seed;
        this.ids = ImmutableList.copyOf(ids);
        this.key = key;
        this.portMask = portMask;
    }

    static Question parse(String line) {
        String[] words = line.split(" ", -1);
        return new Question(
                ScoreKind.valueOf(words[0]),
                UnsignedLongs.parseUnsignedLong(words[1], 16),
                Stream.of(words[2].split(",", -1)).map(IlbId::parse).collect(Collectors.toList()),
                FlowKey.of(
                        IpAddress.valueOf(words[4]).getIp4Address().toInt(),
                        Integer.parseInt(words[3]),
                        IpAddress.valueOf(words[6]).getIp4Address().toInt(),
                        Integer.parseInt(words[5])),
                words.length > 7 ? Integer.parseInt(words[7], 16) : 0);
    }

    static Question ofBucket(Random random) {
        int portMask = 2 + 2 * random.nextInt(0x7fff);
        return random(random, portMask);
    }

    static Question random(Random random) {
        return random(random, 0);
    }

    private static Question random(Random random, int portMask) {
        return new Question(
                ScoreKind.values()[random.nextInt(ScoreKind.values().length)],
                random.nextLong(),
                Ids.values()[random.nextInt(Ids.values().length)].some(1 + random.nextInt(16), random),
                Keys.anywhere(random),
                portMask);
    }

    /** The answer of the code under test, written as the oracle writes it. */
    String answer() {
        Electorate electorate = Electorate.of(new View(1, ids), kind, seed);
        FlowKey elects = (portMask == 0 ? FlowMask.CONNECTION : FlowMask.bucket(portMask)).key(key);
        long elected = electorate.elect(elects);
        Map<IlbId, Long> scores = new HashMap<>();
        for (Ranking.Score score : electorate.rank(elects).scores()) {
            scores.put(score.ilb(), score.value());
        }
        IlbId backup = electorate.member(Electorate.backup(elected));
        return electorate.member(Electorate.owner(elected)) + " " + (backup == null ? "-" : backup)
                + ids.stream()
                        .map(id -> String.format(" %016x", scores.get(id)))
                        .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        Endpoint destination = key.destination();
        Endpoint source = key.source();
        return String.format(
                        "%s %016x %s %d %s %d %s",
                        kind,
                        seed,
                        ids.stream().map(IlbId::toString).collect(Collectors.joining(",")),
                        destination.port(),
                        destination.address(),
                        source.port(),
                        source.address())
                + (portMask == 0 ? "" : String.format(" %04x", portMask));
    }
}
