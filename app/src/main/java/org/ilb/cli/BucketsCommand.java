package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.FrontEnd;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows the buckets of a service, or how those of all services are. */
@Service
@Command(scope = "onos", name = "ilb-buckets", description = "Lists buckets with server, owner and backup")
public class BucketsCommand extends IlbCommand {

    @Argument(name = "service", description = "Name of the service; a summary of all by default")
    @Completion(BucketServiceCompleter.class)
    String service;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        Answers answers = new Answers(ilb);
        if (service == null) {
            showAll(ilb, answers);
        } else {
            showOne(answers);
        }
    }

    private void showAll(IlbService ilb, Answers answers) throws JsonProcessingException {
        ObjectNode all = mapper().createObjectNode();
        ilb.frontEnd()
                .map(FrontEnd::services)
                .ifPresent(services -> services.forEach(
                        each -> answers.buckets(each.name()).ifPresent(json -> all.set(each.name(), json))));
        if (outputJson()) {
            print(all);
            return;
        }
        ShellTable table = table("Service", "Buckets", "States", "Shares");
        table.emptyTableText("no service has buckets");
        all.fields().forEachRemaining(entry -> table.addRow()
                .addContent(
                        entry.getKey(),
                        entry.getValue().path("count").asText(),
                        states(entry.getValue()),
                        shares(entry.getValue())));
        print(table);
    }

    private void showOne(Answers answers) throws JsonProcessingException {
        if (!answers.find(service).isPresent()) {
            throw new IllegalArgumentException("there is no service '" + service + "'");
        }
        ObjectNode json = answers.buckets(service)
                .orElseThrow(() -> new IllegalArgumentException(
                        "service '" + service + "' has no buckets; its granularity is connection"));
        if (outputJson()) {
            print(json);
            return;
        }
        ShellTable table = table("Bucket", "State", "Server", "Next", "Owner", "Backup", "Pins", "Packets", "Bytes");
        for (JsonNode bucket : json.path("buckets")) {
            table.addRow()
                    .addContent(
                            bucket.path("index").asText(),
                            bucket.path("state").asText(),
                            text(bucket, "server"),
                            text(bucket, "next"),
                            text(bucket, "owner"),
                            text(bucket, "backup"),
                            bucket.path("pins").asText(),
                            bucket.path("packets").asText(),
                            bucket.path("bytes").asText());
        }
        print(table);
        print("%s; %s", states(json), shares(json));
    }

    /** For example "62 settled, 2 moving": the states that some bucket is in. */
    private static String states(JsonNode json) {
        Iterable<Map.Entry<String, JsonNode>> states = () -> json.path("states").fields();
        return StreamSupport.stream(states.spliterator(), false)
                .filter(state -> state.getValue().asInt() > 0)
                .map(state -> state.getValue() + " " + state.getKey())
                .collect(Collectors.joining(", "));
    }

    /** For example "10.0.0.11:8080 24, 10.0.0.12:8080 40": the servers, and how many buckets' new connections go there. */
    private static String shares(JsonNode json) {
        return StreamSupport.stream(json.path("servers").spliterator(), false)
                .map(server -> server.path("server").asText() + " " + server.path("buckets"))
                .collect(Collectors.joining(", "));
    }

    private static String text(JsonNode bucket, String field) {
        JsonNode value = bucket.path(field);
        return value.isNull() ? "none" : value.asText();
    }
}
