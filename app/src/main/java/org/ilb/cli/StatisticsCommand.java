package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.ilb.rest.StatisticsAnswers;

/** Shows what services, servers and ILBs have had to do. */
@Service
@Command(
        scope = "onos",
        name = "ilb-statistics",
        description = "Lists connections, packets and bytes of services, servers and ILBs")
public class StatisticsCommand extends IlbCommand {

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        ObjectNode json = StatisticsAnswers.write(ilb.statistics());
        if (outputJson()) {
            print(json);
            return;
        }
        print("since %s", json.path("since").asText());
        print(servers(json.path("services")));
        print("");
        print(ilbs(json.path("ilbs")));
    }

    private static ShellTable servers(JsonNode services) {
        ShellTable table =
                table("Service", "Server", "Active", "Opened", "Packets in", "Bytes in", "Packets out", "Bytes out");
        table.emptyTableText("no services are configured");
        for (JsonNode service : services) {
            for (JsonNode server : service.path("servers")) {
                table.addRow()
                        .addContent(
                                service.path("name").asText(),
                                server.path("server").asText(),
                                server.path("active").asText(),
                                server.path("opened").asText(),
                                server.path("received").path("packets").asText(),
                                server.path("received").path("bytes").asText(),
                                server.path("sent").path("packets").asText(),
                                server.path("sent").path("bytes").asText());
            }
        }
        return table;
    }

    private static ShellTable ilbs(JsonNode ilbs) {
        ShellTable table = table(
                "ILB",
                "Opened",
                "Refused",
                "Packet-ins",
                "Hand-offs",
                "Cache hits",
                "Packets",
                "Bytes",
                "p50 ms",
                "p99 ms");
        table.emptyTableText("no ILBs are configured");
        for (JsonNode ilb : ilbs) {
            table.addRow()
                    .addContent(
                            ilb.path("id").asText(),
                            ilb.path("opened").asText(),
                            ilb.path("refused").asText(),
                            ilb.path("packetIns").asText(),
                            ilb.path("handOffs").asText(),
                            ilb.path("cacheHits").asText(),
                            ilb.path("received").path("packets").asText(),
                            ilb.path("received").path("bytes").asText(),
                            ilb.path("decisions").path("p50Millis").asText("-"),
                            ilb.path("decisions").path("p99Millis").asText("-"));
        }
        return table;
    }
}
