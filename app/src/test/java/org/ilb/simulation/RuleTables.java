package org.ilb.simulation;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.ilb.Association;
import org.ilb.FlowKey;
import org.ilb.IlbId;

/** What a node knows of the exact rules of its switches, also of those that are being removed. */
final class RuleTables {

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Node node;
    private final Map<IlbId, Map<FlowKey, ExactRule>> tables = new LinkedHashMap<>();
    /** How many removals of a connection's rules switches have not acknowledged, and who waits for them. */
    private final Map<FlowKey, Integer> going = new LinkedHashMap<>();

    private final Map<FlowKey, CompletableFuture<Void>> cleared = new LinkedHashMap<>();

    RuleTables(Node node) {
        this.node = node;
        node.ilbs.forEach(ilb -> tables.put(ilb, new LinkedHashMap<>()));
    }

    Map<FlowKey, ExactRule> at(IlbId ilb) {
        return tables.get(ilb);
    }

    ExactRule get(IlbId ilb, FlowKey key) {
        return tables.get(ilb).get(key);
    }

    ExactRule getOrAdd(IlbId ilb, FlowKey key) {
        return tables.get(ilb).computeIfAbsent(key, k -> new ExactRule());
    }

    /** Whether any ILB of this node has a rule of a connection. */
    boolean has(FlowKey key) {
        return tables.values().stream().anyMatch(table -> table.containsKey(key));
    }

    /** Does something for every rule of every ILB, which may remove it. */
    void forEach(BiConsumer<IlbId, FlowKey> visitor) {
        tables.forEach((ilb, table) -> List.copyOf(table.keySet()).forEach(key -> visitor.accept(ilb, key)));
    }

    /** Puts exact rules of connections; answers whether all stand. */
    void pin(IlbId ilb, List<Association> associations, Consumer<Boolean> answer) {
        int[] awaited = {associations.size()};
        boolean[] all = {true};
        if (associations.isEmpty()) {
            node.agenda.errand(1, () -> answerUnlessStopped(answer, true));
        }
        for (Association association : associations) {
            ExactRule rule = getOrAdd(ilb, association.key());
            rule.way = Way.to(association.server());
            node.network.put(ilb, association.key(), rule.way, obeyed -> {
                all[0] &= obeyed;
                awaited[0]--;
                if (awaited[0] == 0) {
                    answerUnlessStopped(answer, all[0]);
                }
            });
        }
    }

    private void answerUnlessStopped(Consumer<Boolean> answer, boolean obeyed) {
        if (!node.isStopped()) {
            answer.accept(obeyed);
        }
    }

    /** The connection may come in anywhere next, and a wildcard would lead it astray. */
    void pinEverywhere(Association association, Runnable done) {
        int[] awaited = {node.ilbs.size()};
        for (IlbId ilb : node.ilbs) {
            pin(ilb, List.of(association), obeyed -> {
                awaited[0]--;
                if (awaited[0] == 0) {
                    done.run();
                }
            });
        }
    }

    /** Drops the rule that was not used for the longest time, if there are too many. */
    void makeRoom(IlbId ilb) {
        Map<FlowKey, ExactRule> table = tables.get(ilb);
        if (table.size() > node.conditions.maxRules) {
            table.entrySet().stream()
                    .filter(entry -> !entry.getValue().settingUp)
                    .map(Map.Entry::getKey)
                    .max((one, other) ->
                            Long.compare(node.network.unusedFor(ilb, one), node.network.unusedFor(ilb, other)))
                    .ifPresent(key -> drop(ilb, key));
        }
    }

    void drop(IlbId ilb, FlowKey key) {
        tables.get(ilb).remove(key);
        going.merge(key, 1, Integer::sum);
        node.network.remove(ilb, key, obeyed -> {
            going.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
            if (!going.containsKey(key) && cleared.containsKey(key)) {
                cleared.remove(key).complete(null);
            }
        });
    }

    /** Removes the rules of a connection; completes when no switch has one any more, also of those removed before. */
    CompletableFuture<Void> clear(FlowKey key) {
        tables.forEach((ilb, table) -> {
            if (table.containsKey(key)) {
                drop(ilb, key);
            }
        });
        return going.containsKey(key) ? cleared.computeIfAbsent(key, k -> new CompletableFuture<>()) : DONE;
    }
}
