package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Function;
import org.ilb.config.ConfigException;
import org.ilb.config.StoredConfiguration;
import org.onosproject.cli.AbstractShellCommand;
import org.onosproject.core.CoreService;
import org.onosproject.net.config.NetworkConfigRegistry;

/** A command that changes the stored configuration, as an operator would. */
abstract class ConfigCommand extends AbstractShellCommand {

    private static final String APPLICATION = "org.ilb";

    @Override
    protected final void doExecute() throws JsonProcessingException {
        run(new StoredConfiguration(
                get(NetworkConfigRegistry.class), get(CoreService.class).getAppId(APPLICATION)));
    }

    /**
     * Changes the configuration and says so: by a sentence, or with {@code -j} by what was changed, as it is stored.
     *
     * @param configuration the stored one
     * @throws JsonProcessingException never, with JSON of our own
     * @throws IllegalArgumentException with a sentence, which the console prints, if it cannot be changed so; nothing changes
     */
    final void run(StoredConfiguration configuration) throws JsonProcessingException {
        prepare();
        ObjectNode stored;
        try {
            stored = configuration.change(json -> edit(part(json)));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        print(
                "%s",
                outputJson() ? mapper().writerWithDefaultPrettyPrinter().writeValueAsString(part(stored)) : sentence());
    }

    /**
     * Reads the arguments, before anything is locked.
     *
     * @throws IllegalArgumentException with a sentence if they cannot be understood
     */
    void prepare() {}

    /**
     * Finds what is to be changed.
     *
     * @param configuration the whole
     * @return the part of it
     * @throws IllegalArgumentException with a sentence if there is no such
     */
    abstract ObjectNode part(ObjectNode configuration);

    /**
     * Changes it.
     *
     * @param part what {@link #part} found
     */
    abstract void edit(ObjectNode part);

    /** Returns what has been done, for people. */
    abstract String sentence();

    /** Finds an element of a list by what it is called. */
    static ObjectNode element(ObjectNode container, String list, Function<ObjectNode, String> name, String wanted) {
        for (int i = 0; i < container.path(list).size(); i++) {
            if (container.path(list).get(i).isObject()) {
                ObjectNode element = (ObjectNode) container.path(list).get(i);
                if (name.apply(element).equals(wanted)) {
                    return element;
                }
            }
        }
        return null;
    }
}
