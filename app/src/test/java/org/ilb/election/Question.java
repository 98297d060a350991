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
import org.ilb.IlbId;
import org.ilb.Ranking;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.onlab.packet.IpAddress;

/** One line that the oracle understands: {@code kind seed id,id,... dstPort dstIp srcPort srcIp}. */
final class Question {

    private final ScoreKind kind;
    private final long seed;
    private final ImmutableList<IlbId> ids;
    private final FlowKey key;

    private Question(ScoreKind kind, long seed, List<IlbId> ids, FlowKey key) {
        this.kind = kind;
        this.seed = seed;
        this.ids = ImmutableList.copyOf(ids);
        this.key = key;
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
                        Integer.parseInt(words[5])));
    }

    static Question random(Random random) {
        return new Question(
                ScoreKind.values()[random.nextInt(ScoreKind.values().length)],
                random.nextLong(),
                Ids.values()[random.nextInt(Ids.values().length)].some(1 + random.nextInt(16), random),
                Keys.anywhere(random));
    }

    /** The answer of the code under test, written as the oracle writes it. */
    String answer() {
        Electorate electorate = Electorate.of(new View(1, ids), kind, seed);
        long elected = electorate.elect(key);
        Map<IlbId, Long> scores = new HashMap<>();
        for (Ranking.Score score : electorate.rank(key).scores()) {
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
                source.address());
    }
}
