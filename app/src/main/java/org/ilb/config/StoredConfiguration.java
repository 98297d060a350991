package org.ilb.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;
import org.onosproject.core.ApplicationId;
import org.onosproject.net.config.InvalidConfigException;
import org.onosproject.net.config.InvalidFieldException;
import org.onosproject.net.config.NetworkConfigRegistry;

/**
 * The configuration as it is stored, for those who read or change a part of it: ONOS's network configuration, the one source.
 *
 * <p>What is read and written is the JSON as the operator wrote it, without the defaults. A change is a whole: it reads, edits
 * and stores while no other change made by this class on this node comes in between. What is posted to ONOS's own interface,
 * or through another node, between its reading and its storing, a moment of a few milliseconds, it overwrites: ONOS
 * offers no comparison when storing. Thread-safe.
 */
public final class StoredConfiguration {

    /** One network configuration, however many ask for it. */
    private static final Object CHANGING = new Object();

    private final NetworkConfigRegistry network;
    private final ApplicationId application;

    /**
     * Creates a view of what is stored.
     *
     * @param network ONOS's network configuration
     * @param application this application
     */
    public StoredConfiguration(NetworkConfigRegistry network, ApplicationId application) {
        this.network = network;
        this.application = application;
    }

    /**
     * Reads the configuration.
     *
     * @return a copy of the JSON, empty if there is none
     * @throws IllegalStateException if the application is not ready to take configurations
     */
    public Optional<ObjectNode> read() {
        // Without its factory ONOS keeps configurations unseen, and would take any.
        if (network.getConfigFactory(FrontEndConfig.class) == null) {
            throw new IllegalStateException("the application is starting or stopping");
        }
        return Optional.ofNullable(network.getConfig(application, FrontEndConfig.class))
                .map(config -> ((ObjectNode) config.node()).deepCopy());
    }

    /**
     * Changes the configuration. It is in force a moment later, like one that is posted to ONOS.
     *
     * @param edit edits the JSON, an empty object if there is none; if it throws, nothing changes
     * @return the configuration as stored
     * @throws ConfigException if what came out of it cannot be used; nothing changes
     * @throws IllegalStateException if the application is not ready to take configurations
     */
    public ObjectNode change(Consumer<ObjectNode> edit) {
        synchronized (CHANGING) {
            ObjectNode json = read().orElseGet(JsonNodeFactory.instance::objectNode);
            edit.accept(json);
            try {
                FrontEndConfig stored = network.applyConfig(application, FrontEndConfig.class, json);
                return ((ObjectNode) stored.node()).deepCopy();
            } catch (InvalidConfigException e) {
                if (e.getCause() instanceof InvalidFieldException) {
                    InvalidFieldException cause = (InvalidFieldException) e.getCause();
                    throw new ConfigException(cause.field(), cause.reason());
                }
                throw e;
            }
        }
    }

    /**
     * Takes the configuration away, and with it every rule.
     *
     * @param check looks at what is about to go; if it throws, nothing changes
     * @return false if there was none
     * @throws IllegalStateException if the application is not ready to take configurations
     */
    public boolean remove(Consumer<ObjectNode> check) {
        synchronized (CHANGING) {
            Optional<ObjectNode> json = read();
            json.ifPresent(check);
            json.ifPresent(present -> network.removeConfig(application, FrontEndConfig.class));
            return json.isPresent();
        }
    }
}
