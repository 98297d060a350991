package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Gives a server another weight. */
@Service
@Command(
        scope = "onos",
        name = "ilb-server-weight",
        description = "Changes a server's share of new connections, relative to the others'")
public class ServerWeightCommand extends ServerCommand {

    @Argument(index = 2, name = "weight", description = "0 to 1000; 0 takes no new connections", required = true)
    @Completion(
            value = StringsCompleter.class,
            values = {"0", "1", "10", "100", "1000"})
    int weight;

    @Override
    void edit(ObjectNode one) {
        one.put("weight", weight);
    }

    @Override
    String sentence() {
        return server + " has weight " + weight;
    }
}
