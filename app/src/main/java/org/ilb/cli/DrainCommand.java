package org.ilb.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.config.ConfigException;
import org.ilb.config.StoredConfiguration;
import org.onosproject.cli.AbstractShellCommand;
import org.onosproject.core.CoreService;
import org.onosproject.net.config.NetworkConfigRegistry;

/** Drains an ILB, or ends its draining, in the configuration. */
@Service
@Command(
        scope = "onos",
        name = "ilb-drain",
        description = "Drains an individual load balancer, so that it owns nothing")
public class DrainCommand extends AbstractShellCommand {

    private static final String APPLICATION = "org.ilb";

    @Argument(name = "id", description = "Address or index of the ILB", required = true)
    @Completion(IlbIdCompleter.class)
    String id;

    @Option(name = "-u", aliases = "--undo", description = "End draining: the ILB owns connections again")
    boolean undo;

    @Override
    protected final void doExecute() {
        drain(new StoredConfiguration(
                get(NetworkConfigRegistry.class), get(CoreService.class).getAppId(APPLICATION)));
    }

    /**
     * Changes the configuration.
     *
     * @param configuration the stored one
     * @throws IllegalArgumentException with a sentence, which the console prints, if it cannot be changed so
     */
    void drain(StoredConfiguration configuration) {
        try {
            configuration.change(json -> find(json).put("drain", !undo));
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        print(undo ? "%s is drained no more" : "%s is drained from now on; ilb-ilbs shows when its rules are gone", id);
    }

    private ObjectNode find(JsonNode json) {
        for (JsonNode ilb : json.path("ilbs")) {
            if (ilb.path("id").asText().equals(id)) {
                return (ObjectNode) ilb;
            }
        }
        throw new IllegalArgumentException("there is no ILB '" + id + "'");
    }
}
