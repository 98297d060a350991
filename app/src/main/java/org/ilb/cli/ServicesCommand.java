package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows services and their servers. */
@Service
@Command(scope = "onos", name = "ilb-services", description = "Lists the balanced services and their servers")
public class ServicesCommand extends IlbCommand {

    @Argument(name = "service", description = "Name of the service; all of them by default")
    @Completion(ServiceNameCompleter.class)
    String service;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        Answers answers = new Answers(ilb);
        ObjectNode one = service == null
                ? null
                : answers.service(service)
                        .orElseThrow(() -> new IllegalArgumentException("there is no service '" + service + "'"));
        if (outputJson()) {
            print(one == null ? answers.services() : one);
            return;
        }
        ShellTable table =
                table("Service", "Address", "Policy", "Server", "Pool", "Weight", "MAC", "Location", "Connections");
        table.emptyTableText("no services are configured");
        if (one == null) {
            answers.services().path("services").forEach(each -> add(table, each));
        } else {
            add(table, one);
        }
        print(table);
    }

    private static void add(ShellTable table, JsonNode service) {
        add(table, service, "servers", "pool");
        add(table, service, "backups", "backup");
    }

    private static void add(ShellTable table, JsonNode service, String list, String pool) {
        for (JsonNode server : service.path(list)) {
            table.addRow()
                    .addContent(
                            service.path("name").asText(),
                            endpoint(service),
                            service.path("policy").asText(),
                            endpoint(server),
                            pool,
                            server.path("weight").asText(),
                            server.path("mac").asText("unknown"),
                            server.path("location").asText("unknown"),
                            server.path("connections").asText());
        }
    }

    private static String endpoint(JsonNode node) {
        return node.path("address").asText() + ":" + node.path("port").asText();
    }
}
