package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.ilb.rest.Answers;
import org.ilb.rest.ServersResource;

/** Shows servers: what the operator wants of them, and how they are. */
@Service
@Command(scope = "onos", name = "ilb-servers", description = "Lists servers with weight, state and health")
public class ServersCommand extends IlbCommand {

    @Argument(name = "service", description = "Name of the service; servers of all by default")
    @Completion(ServiceNameCompleter.class)
    String service;

    @Option(name = "-s", aliases = "--state", description = "Only servers that are enabled, draining or disabled")
    @Completion(
            value = StringsCompleter.class,
            values = {"enabled", "draining", "disabled"})
    String state;

    @Option(name = "-H", aliases = "--health", description = "Only servers that are unchecked, unknown, up or down")
    @Completion(
            value = StringsCompleter.class,
            values = {"unchecked", "unknown", "up", "down"})
    String health;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        Answers answers = new Answers(ilb);
        if (service != null && !answers.find(service).isPresent()) {
            throw new IllegalArgumentException("there is no service '" + service + "'");
        }
        ObjectNode json = answers.servers(
                Optional.ofNullable(service),
                choice("state", state, ServersResource.STATES),
                choice("health", health, ServersResource.HEALTHS));
        if (outputJson()) {
            print(json);
            return;
        }
        ShellTable table = table("Service", "Server", "Pool", "Weight", "State", "Health", "Since", "Connections");
        table.emptyTableText("there are no such servers");
        for (JsonNode server : json.path("servers")) {
            table.addRow()
                    .addContent(
                            server.path("service").asText(),
                            server.path("address").asText() + ":" + server.path("port"),
                            server.path("backup").asBoolean() ? "backup" : "pool",
                            server.path("weight").asText(),
                            state(server),
                            health(server.path("health")),
                            server.path("health").path("since").asText("-"),
                            server.path("connections").asText());
        }
        print(table);
    }

    private static Optional<String> choice(String name, String word, List<String> words) {
        if (word != null && !words.contains(word)) {
            throw new IllegalArgumentException(
                    name + " is '" + word + "'; it must be one of " + String.join(", ", words));
        }
        return Optional.ofNullable(word);
    }

    /** For example "draining until 2030-01-31T18:00:00Z". */
    private static String state(JsonNode server) {
        String state = server.path("state").asText();
        return server.has("drainUntil")
                ? state + " until " + server.path("drainUntil").asText()
                : state;
    }

    /** For example "down: status 503". */
    private static String health(JsonNode health) {
        String state = health.path("state").asText();
        return health.has("reason") ? state + ": " + health.path("reason").asText() : state;
    }
}
