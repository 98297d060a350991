package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Disables a server. */
@Service
@Command(
        scope = "onos",
        name = "ilb-server-disable",
        description = "Disables a server: its connections end as if it had failed")
public class ServerDisableCommand extends ServerCommand {

    @Override
    void edit(ObjectNode one) {
        enable(one);
        one.put("state", "disabled");
    }

    @Override
    String sentence() {
        return server + " is disabled";
    }
}
