package org.ilb.connection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ilb.Association;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbId;
import org.ilb.ScoreKind;
import org.ilb.View;
import org.ilb.election.Electorate;
import org.ilb.server.SelectionPolicy;
import org.onlab.packet.IpAddress;

/** ILBs, connections and servers for tests. */
final class Scenery {

    static final Endpoint SERVER = Endpoint.parse("10.0.0.1:80");
    static final Endpoint OTHER_SERVER = Endpoint.parse("10.0.0.2:80");
    static final SelectionPolicy ONE_SERVER = key -> Optional.of(SERVER);
    static final SelectionPolicy NO_SERVER = key -> Optional.empty();
    static final int SEQUENCE = 7;

    private Scenery() {}

    static List<IlbId> ilbs(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(IlbId::ofIndex).collect(Collectors.toList());
    }

    static Electorate electorate(long view, Collection<IlbId> members) {
        return Electorate.of(new View(view, members), ScoreKind.CRC32_MIXED, 5);
    }

    static FlowKey key(int number) {
        return FlowKey.of(0x0a640001, 80, 0x0a010000 + number / 1_000, 1_024 + number % 1_000);
    }

    static IlbId owner(Electorate electorate, FlowKey key) {
        return electorate.member(Electorate.owner(electorate.elect(key)));
    }

    static IlbId backup(Electorate electorate, FlowKey key) {
        return electorate.member(Electorate.backup(electorate.elect(key)));
    }

    static Association association(Electorate electorate, FlowKey key) {
        return new Association(
                key,
                SERVER,
                owner(electorate, key),
                backup(electorate, key),
                electorate.view().number(),
                SEQUENCE);
    }

    /** Servers in turn, another for each connection. */
    static SelectionPolicy manyServers(Random random) {
        List<Endpoint> servers = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            servers.add(Endpoint.of(IpAddress.valueOf(0x0a000000 + i), 80));
        }
        return key -> Optional.of(servers.get(random.nextInt(servers.size())));
    }
}
