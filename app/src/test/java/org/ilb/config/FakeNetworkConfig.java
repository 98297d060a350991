package org.ilb.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.config.Config;
import org.onosproject.net.config.ConfigFactory;
import org.onosproject.net.config.InvalidConfigException;
import org.onosproject.net.config.NetworkConfigEvent;
import org.onosproject.net.config.NetworkConfigListener;
import org.onosproject.net.config.NetworkConfigRegistryAdapter;

/**
 * ONOS's network configuration for one key, as 2.5.6 and 2.7.0 have it: JSON posted without a factory is kept unseen, and checked
 * and dropped if wrong when the factory comes; JSON posted with it is checked first; a factory that goes leaves the JSON
 * unseen again. Events are delivered late, when {@link #deliver()} is called.
 */
public final class FakeNetworkConfig extends NetworkConfigRegistryAdapter {

    private final ApplicationId application;
    private final List<NetworkConfigListener> listeners = new ArrayList<>();
    private final Queue<NetworkConfigEvent> events = new ArrayDeque<>();
    private ConfigFactory<ApplicationId, FrontEndConfig> factory;
    private JsonNode stored;
    private JsonNode pending;

    /**
     * Creates a network configuration without anything in it.
     *
     * @param application whose configuration it holds
     */
    public FakeNetworkConfig(ApplicationId application) {
        this.application = application;
    }

    void post(JsonNode json) {
        if (factory == null) {
            pending = json;
            return;
        }
        FrontEndConfig config = create(json);
        try {
            if (!config.isValid()) {
                throw new IllegalArgumentException();
            }
        } catch (RuntimeException e) {
            throw new InvalidConfigException("apps", application.name(), FrontEndConfig.KEY, e);
        }
        store(json);
    }

    /** Stores without asking, as {@code Config.apply()} does. */
    void store(JsonNode json) {
        NetworkConfigEvent.Type type =
                stored == null ? NetworkConfigEvent.Type.CONFIG_ADDED : NetworkConfigEvent.Type.CONFIG_UPDATED;
        events.add(new NetworkConfigEvent(
                type, application, create(json), stored == null ? null : create(stored), FrontEndConfig.class));
        stored = json;
    }

    void delete() {
        events.add(new NetworkConfigEvent(
                NetworkConfigEvent.Type.CONFIG_REMOVED, application, null, create(stored), FrontEndConfig.class));
        stored = null;
    }

    /**
     * Returns what is stored.
     *
     * @return the JSON, or null
     */
    public JsonNode stored() {
        return stored;
    }

    JsonNode pending() {
        return pending;
    }

    boolean idle() {
        return factory == null && listeners.isEmpty();
    }

    void deliver() {
        while (!events.isEmpty()) {
            NetworkConfigEvent event = events.remove();
            for (NetworkConfigListener listener : new ArrayList<>(listeners)) {
                if (listener.isRelevant(event)) {
                    listener.event(event);
                }
            }
        }
    }

    private FrontEndConfig create(JsonNode json) {
        FrontEndConfig config = factory.createConfig();
        config.init(application, factory.configKey(), json, new ObjectMapper(), null);
        return config;
    }

    @Override
    public void addListener(NetworkConfigListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(NetworkConfigListener listener) {
        listeners.remove(listener);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public void registerConfigFactory(ConfigFactory newFactory) {
        factory = newFactory;
        if (pending != null) {
            JsonNode json = pending;
            pending = null;
            try {
                post(json);
            } catch (InvalidConfigException e) {
                // ONOS logs a line without the reason.
            }
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public void unregisterConfigFactory(ConfigFactory oldFactory) {
        factory = null;
        pending = stored;
        stored = null;
    }

    @Override
    public <S, C extends Config<S>> C applyConfig(S subject, Class<C> configClass, JsonNode json) {
        post(json);
        return configClass.cast(create(stored));
    }

    @Override
    public <S, C extends Config<S>> void removeConfig(S subject, Class<C> configClass) {
        delete();
    }

    @Override
    @SuppressWarnings("unchecked")
    public <S, C extends Config<S>> ConfigFactory<S, C> getConfigFactory(Class<C> configClass) {
        return (ConfigFactory<S, C>) factory;
    }

    @Override
    public <S, C extends Config<S>> C getConfig(S subject, Class<C> configClass) {
        return stored == null ? null : configClass.cast(create(stored));
    }
}
