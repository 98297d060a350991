package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Completion;

/** A command that changes a server in the configuration, be it of the pool or a backup. */
abstract class ServerCommand extends ConfigCommand {

    @Argument(index = 0, name = "service", description = "Name of the service", required = true)
    @Completion(ServiceNameCompleter.class)
    String service;

    @Argument(index = 1, name = "server", description = "The server, address:port", required = true)
    @Completion(ServerCompleter.class)
    String server;

    @Override
    final ObjectNode part(ObjectNode configuration) {
        ObjectNode found =
                element(configuration, "services", each -> each.path("name").asText(), service);
        if (found == null) {
            throw new IllegalArgumentException("there is no service '" + service + "'");
        }
        for (String list : new String[] {"servers", "backups"}) {
            ObjectNode one = element(
                    found,
                    list,
                    each -> each.path("address").asText() + ":"
                            + each.path("port").asText(),
                    server);
            if (one != null) {
                return one;
            }
        }
        throw new IllegalArgumentException("service '" + service + "' has no server '" + server + "'");
    }

    /** Takes away what was said of the server's state; it is enabled then. */
    static void enable(ObjectNode server) {
        server.remove("state");
        server.remove("drainUntil");
    }
}
