package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.AssociationFilter;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows associations. */
@Service
@Command(scope = "onos", name = "ilb-connections", description = "Lists connections with server, owner and backup")
public class ConnectionsCommand extends IlbCommand {

    @Argument(name = "service", description = "Name of the service; connections of all by default")
    @Completion(ServiceNameCompleter.class)
    String service;

    @Option(name = "-o", aliases = "--offset", description = "How many connections to skip")
    int offset;

    @Option(name = "-l", aliases = "--limit", description = "How many connections to list at most")
    int limit = 100;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        if (offset < 0 || limit < 1) {
            throw new IllegalArgumentException("offset must be 0 or more, and limit 1 or more");
        }
        Answers answers = new Answers(ilb);
        AssociationFilter filter = service == null
                ? AssociationFilter.ALL
                : AssociationFilter.ofService(answers.find(service)
                        .orElseThrow(() -> new IllegalArgumentException("there is no service '" + service + "'"))
                        .endpoint());
        ObjectNode page = answers.associations(filter, offset, limit);
        if (outputJson()) {
            print(page);
            return;
        }
        ShellTable table = table("Client", "Service", "Server", "Owner", "Backup", "Receiver", "State", "View");
        for (JsonNode association : page.path("associations")) {
            table.addRow()
                    .addContent(
                            association.path("source").asText(),
                            association.path("destination").asText(),
                            association.path("server").asText(),
                            association.path("owner").asText(),
                            ilb(association.path("backup"), "none"),
                            ilb(association.path("receiver"), "unknown"),
                            association.path("state").asText(),
                            association.path("view").asText());
        }
        print(table);
        print("%d of %s connections", page.path("associations").size(), page.path("total"));
    }

    private static String ilb(JsonNode id, String missing) {
        return id.isNull() ? missing : id.asText();
    }
}
