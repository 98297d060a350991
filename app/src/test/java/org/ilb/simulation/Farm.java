package org.ilb.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.ilb.Endpoint;
import org.ilb.Server;

/** The servers: their weights change, they are drained and come back, and now and then one fails for good. */
final class Farm {

    private static final int MOST_WEIGHT = 4;

    private final Agenda agenda;
    private final Chance chance;
    private final Conditions conditions;
    /** Who lives with what a failed server takes with it. */
    private final Consumer<Endpoint> bereaved;

    private final Set<Endpoint> failed = new HashSet<>();
    private List<Server> pool;
    private Runnable changed = () -> {};
    private boolean quiet;

    Farm(Agenda agenda, Chance chance, Conditions conditions, Consumer<Endpoint> bereaved) {
        this.agenda = agenda;
        this.chance = chance;
        this.conditions = conditions;
        this.bereaved = bereaved;
        this.pool = conditions.service().servers();
        if (conditions.buckets != null && conditions.upsets > 0) {
            agenda.plan(chance.between(1, conditions.upsets), this::happen);
        }
    }

    /** Has somebody told of each change; who was told before is told no more. */
    void tell(Runnable listener) {
        changed = listener;
    }

    /** The servers that are up, with their weights of the moment. */
    List<Server> pool() {
        return pool.stream()
                .filter(server -> !failed.contains(server.endpoint()))
                .collect(Collectors.toList());
    }

    Set<Endpoint> failed() {
        return failed;
    }

    void quiet() {
        quiet = true;
    }

    private void happen() {
        if (quiet) {
            return;
        }
        if (chance.happens(0.15) && failed.size() < Conditions.SERVERS - 2) {
            Endpoint server = chance.oneOf(pool).endpoint();
            failed.add(server);
            bereaved.accept(server);
        } else {
            List<Server> next = new ArrayList<>();
            for (Server server : pool) {
                int weight = chance.happens(0.7) ? server.weight() : chance.below(MOST_WEIGHT);
                next.add(new Server(server.endpoint(), weight, null, null));
            }
            pool = next;
        }
        agenda.note(() -> "the servers are " + pool + ", failed " + failed);
        changed.run();
        agenda.plan(chance.between(1, conditions.upsets), this::happen);
    }
}
