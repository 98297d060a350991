package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.Endpoint;
import org.ilb.FlowKey;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Elects owner and backup of a connection. */
@Service
@Command(
        scope = "onos",
        name = "ilb-elect",
        description = "Shows owner, backup and all scores of a connection, which need not exist")
public class ElectCommand extends IlbCommand {

    @Argument(index = 0, name = "destination", description = "The service's end, address:port", required = true)
    @Completion(VirtualEndpointCompleter.class)
    String destination;

    @Argument(index = 1, name = "source", description = "The client's end, address:port", required = true)
    String source;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        FlowKey key = FlowKey.of(Endpoint.parse(destination), Endpoint.parse(source));
        ObjectNode ranking = new Answers(ilb)
                .elect(key)
                .orElseThrow(() -> new IllegalArgumentException("no ILB is in, so none can be elected"));
        if (outputJson()) {
            print(ranking);
            return;
        }
        print("view %s", ranking.path("view"));
        if (ranking.has("bucket")) {
            print("bucket %s", ranking.path("bucket"));
        }
        ShellTable table = table("ILB", "Score", "Elected");
        int rank = 0;
        for (JsonNode score : ranking.path("scores")) {
            table.addRow()
                    .addContent(
                            score.path("ilb").asText(),
                            score.path("score").asText(),
                            rank == 0 ? "owner" : rank == 1 ? "backup" : "");
            rank++;
        }
        print(table);
    }
}
