package org.ilb.dataplane.fabric;

import java.util.concurrent.CompletableFuture;
import org.onosproject.store.serializers.KryoNamespaces;
import org.onosproject.store.service.AsyncConsistentMap;
import org.onosproject.store.service.Serializer;
import org.onosproject.store.service.StorageService;
import org.onosproject.store.service.Versioned;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps it in a map of ONOS's, which survives restarts and is shared by all nodes: the last one to learn is right. */
public final class DistributedKnowledgeStore implements KnowledgeStore {

    private static final Logger log = LoggerFactory.getLogger(DistributedKnowledgeStore.class);
    private static final String MAP = "ilb-knowledge";
    private static final String KEY = "network";

    private final AsyncConsistentMap<String, String> map;

    /**
     * Opens the store. This waits for ONOS to open the map, so it belongs into activation.
     *
     * @param storage where the map is kept
     */
    public DistributedKnowledgeStore(StorageService storage) {
        map = storage.<String, String>consistentMapBuilder()
                .withName(MAP)
                .withSerializer(Serializer.using(KryoNamespaces.BASIC))
                .buildAsyncMap();
    }

    @Override
    public CompletableFuture<String> read() {
        return map.get(KEY).thenApply(found -> Versioned.valueOrElse(found, ""));
    }

    @Override
    public void write(String text) {
        map.put(KEY, text).whenComplete((former, failure) -> {
            if (failure != null) {
                log.warn("Cannot keep what was learnt of the network; a restart will have to learn it again", failure);
            }
        });
    }

    @Override
    public CompletableFuture<Void> destroy() {
        return map.clear().thenCompose(cleared -> map.destroy());
    }
}
