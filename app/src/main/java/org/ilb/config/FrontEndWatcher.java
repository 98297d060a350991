package org.ilb.config;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.ilb.FrontEnd;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.config.ConfigFactory;
import org.onosproject.net.config.NetworkConfigEvent;
import org.onosproject.net.config.NetworkConfigListener;
import org.onosproject.net.config.NetworkConfigRegistry;
import org.onosproject.net.config.basics.SubjectFactories;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a consumer which configuration is in force, from ONOS's network configuration.
 *
 * <p>The consumer is called once within {@link #start()}, then whenever the configuration is another; never twice with the same,
 * never by two threads at once, and never after {@link #stop()} has returned. What it gets is what is stored at that
 * moment, not what was stored when ONOS sent its event: when two changes follow each other closely it may see only the
 * later, and it never sees an older one after a newer. Thread-safe.
 */
public final class FrontEndWatcher {

    private static final Logger log = LoggerFactory.getLogger(FrontEndWatcher.class);

    private final NetworkConfigRegistry registry;
    private final ApplicationId application;
    private final Consumer<Optional<FrontEnd>> consumer;
    private final LongSupplier draw;
    private final ConfigFactory<ApplicationId, FrontEndConfig> factory;
    private final NetworkConfigListener listener = new Listener();

    private boolean running;
    private Optional<FrontEnd> inForce;

    /**
     * Creates a watcher.
     *
     * @param registry ONOS's network configuration
     * @param application this application
     * @param policies the names of the server selection policies there are
     * @param consumer told of the configuration in force, empty when there is none
     */
    public FrontEndWatcher(
            NetworkConfigRegistry registry,
            ApplicationId application,
            Set<String> policies,
            Consumer<Optional<FrontEnd>> consumer) {
        this(registry, application, policies, consumer, new SecureRandom()::nextLong);
    }

    FrontEndWatcher(
            NetworkConfigRegistry registry,
            ApplicationId application,
            Set<String> policies,
            Consumer<Optional<FrontEnd>> consumer,
            LongSupplier draw) {
        this.registry = registry;
        this.application = application;
        this.consumer = consumer;
        this.draw = draw;
        FrontEndReader reader = new FrontEndReader(policies);
        this.factory =
                new ConfigFactory<>(SubjectFactories.APP_SUBJECT_FACTORY, FrontEndConfig.class, FrontEndConfig.KEY) {
                    @Override
                    public FrontEndConfig createConfig() {
                        return new FrontEndConfig(reader, FrontEndWatcher.this::seed);
                    }
                };
    }

    /** Starts to take configurations, and tells the consumer of the one that is there already. */
    public void start() {
        synchronized (this) {
            running = true;
            inForce = null;
        }
        registry.addListener(listener);
        registry.registerConfigFactory(factory);
        update();
    }

    /** Stops; does nothing if it has stopped already. ONOS keeps the configuration, unseen, for the next start. */
    public void stop() {
        synchronized (this) {
            if (!running) {
                return;
            }
            running = false;
        }
        registry.removeListener(listener);
        registry.unregisterConfigFactory(factory);
    }

    /** Returns the seed for a configuration that comes without: that of the one in force, else a new one. */
    private long seed() {
        FrontEndConfig stored = registry.getConfig(application, FrontEndConfig.class);
        return stored == null
                ? draw.getAsLong()
                : FrontEndReader.seed(stored.node()).orElseGet(draw);
    }

    private synchronized void update() {
        if (!running) {
            return;
        }
        FrontEndConfig stored = registry.getConfig(application, FrontEndConfig.class);
        Optional<FrontEnd> current;
        try {
            current = Optional.ofNullable(stored).map(FrontEndConfig::frontEnd);
        } catch (ConfigException e) {
            // Stored unchecked: by ONOS's Config.apply(), or by a version of this application that allowed more.
            log.error("The stored configuration is not usable, the last good one stays in force: {}", e.getMessage());
            current = inForce == null ? Optional.empty() : inForce;
        }
        if (!current.equals(inForce)) {
            inForce = current;
            consumer.accept(current);
        }
    }

    private final class Listener implements NetworkConfigListener {

        @Override
        public boolean isRelevant(NetworkConfigEvent event) {
            return event.configClass() == FrontEndConfig.class
                    && (event.type() == NetworkConfigEvent.Type.CONFIG_ADDED
                            || event.type() == NetworkConfigEvent.Type.CONFIG_UPDATED
                            || event.type() == NetworkConfigEvent.Type.CONFIG_REMOVED);
        }

        @Override
        public void event(NetworkConfigEvent event) {
            update();
        }
    }
}
