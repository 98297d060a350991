package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** Enables a server that was drained or disabled. */
@Service
@Command(
        scope = "onos",
        name = "ilb-server-enable",
        description = "Enables a server, so that it takes new connections again")
public class ServerEnableCommand extends ServerCommand {

    @Override
    void edit(ObjectNode one) {
        enable(one);
    }

    @Override
    String sentence() {
        return server + " is enabled";
    }
}
