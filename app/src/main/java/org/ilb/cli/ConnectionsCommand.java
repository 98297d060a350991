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
import org.ilb.Endpoint;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.ilb.rest.Answers;
import org.ilb.rest.Clients;

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

    @Option(name = "-s", aliases = "--server", description = "Only connections to this server, address:port")
    @Completion(ServerCompleter.class)
    String server;

    @Option(name = "-w", aliases = "--owner", description = "Only connections that this ILB owns")
    @Completion(IlbIdCompleter.class)
    String owner;

    @Option(name = "-b", aliases = "--backup", description = "Only connections that this ILB backs up")
    @Completion(IlbIdCompleter.class)
    String backup;

    @Option(
            name = "-c",
            aliases = "--client",
            description = "Only connections of these clients: address, prefix or address:port")
    String client;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        if (offset < 0 || limit < 1) {
            throw new IllegalArgumentException("offset must be 0 or more, and limit 1 or more");
        }
        Answers answers = new Answers(ilb);
        ObjectNode page = answers.associations(filter(answers), offset, limit);
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

    private AssociationFilter filter(Answers answers) {
        AssociationFilter filter = AssociationFilter.ALL;
        if (service != null) {
            filter = filter.service(answers.find(service)
                    .orElseThrow(() -> new IllegalArgumentException("there is no service '" + service + "'"))
                    .endpoint());
        }
        if (server != null) {
            filter = filter.server(Endpoint.parse(server));
        }
        if (owner != null) {
            filter = filter.owner(IlbId.parse(owner));
        }
        if (backup != null) {
            filter = filter.backup(IlbId.parse(backup));
        }
        if (client == null) {
            return filter;
        }
        try {
            return Clients.narrow(filter, client);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("client is " + e.getMessage(), e);
        }
    }

    private static String ilb(JsonNode id, String missing) {
        return id.isNull() ? missing : id.asText();
    }
}
