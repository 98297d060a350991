package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbId;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows the individual load balancers. */
@Service
@Command(scope = "onos", name = "ilb-ilbs", description = "Lists the individual load balancers")
public class IlbsCommand extends IlbCommand {

    @Argument(name = "id", description = "Address or index of the ILB; all of them by default")
    @Completion(IlbIdCompleter.class)
    String id;

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        Answers answers = new Answers(ilb);
        ObjectNode one = id == null
                ? null
                : answers.ilb(IlbId.parse(id))
                        .orElseThrow(() -> new IllegalArgumentException("there is no ILB '" + id + "'"));
        if (outputJson()) {
            print(one == null ? answers.ilbs() : one);
            return;
        }
        ShellTable table =
                table("ILB", "Device", "Uplink", "In", "Drain", "Connected", "Owned", "Backed up", "Cached", "Rules");
        table.emptyTableText("no ILBs are configured");
        if (one == null) {
            ObjectNode all = answers.ilbs();
            print("view %s", all.path("view"));
            all.path("ilbs").forEach(each -> add(table, each));
        } else {
            add(table, one);
        }
        print(table);
    }

    private static void add(ShellTable table, JsonNode ilb) {
        JsonNode uplink = ilb.path("uplink");
        table.addRow()
                .addContent(
                        ilb.path("id").asText(),
                        ilb.path("device").asText(),
                        uplink.isObject()
                                ? "port " + uplink.path("port") + " to "
                                        + uplink.path("nextHop").asText()
                                : "none",
                        in(ilb),
                        yes(ilb.path("drain")),
                        yes(ilb.path("connected")),
                        ilb.path("owned").asText(),
                        ilb.path("backedUp").asText(),
                        ilb.path("cached").asText(),
                        ilb.path("rules").asText());
    }

    private static String in(JsonNode ilb) {
        return ilb.has("absence") ? ilb.path("absence").asText() : yes(ilb.path("in"));
    }

    private static String yes(JsonNode flag) {
        return flag.asBoolean() ? "yes" : "no";
    }
}
