package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Drains an ILB, or ends its draining, in the configuration. */
@Service
@Command(
        scope = "onos",
        name = "ilb-drain",
        description = "Drains an individual load balancer, so that it owns nothing")
public class DrainCommand extends ConfigCommand {

    @Argument(name = "id", description = "Address or index of the ILB", required = true)
    @Completion(IlbIdCompleter.class)
    String id;

    @Option(name = "-u", aliases = "--undo", description = "End draining: the ILB owns connections again")
    boolean undo;

    @Override
    ObjectNode part(ObjectNode configuration) {
        ObjectNode ilb = element(configuration, "ilbs", each -> each.path("id").asText(), id);
        if (ilb == null) {
            throw new IllegalArgumentException("there is no ILB '" + id + "'");
        }
        return ilb;
    }

    @Override
    void edit(ObjectNode ilb) {
        ilb.put("drain", !undo);
    }

    @Override
    String sentence() {
        return id + (undo ? " is drained no more" : " is drained from now on; ilb-ilbs shows when its rules are gone");
    }
}
