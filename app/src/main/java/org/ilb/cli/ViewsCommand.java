package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Sets;
import java.util.Set;
import java.util.TreeSet;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows the last views: who was in, and who came and went. */
@Service
@Command(scope = "onos", name = "ilb-views", description = "Lists the last views, the one in force first")
public class ViewsCommand extends IlbCommand {

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        ObjectNode json = new Answers(ilb).views();
        if (outputJson()) {
            print(json);
            return;
        }
        ShellTable table = table("View", "Since", "In", "Came", "Went");
        table.emptyTableText("there was no view yet");
        JsonNode views = json.path("views");
        for (int i = 0; i < views.size(); i++) {
            Set<String> now = members(views.path(i));
            // Of the oldest that is known nobody knows who was in before.
            Set<String> before = i + 1 < views.size() ? members(views.path(i + 1)) : now;
            table.addRow()
                    .addContent(
                            views.path(i).path("number").asText(),
                            views.path(i).path("since").asText(),
                            now.size(),
                            String.join(", ", Sets.difference(now, before)),
                            String.join(", ", Sets.difference(before, now)));
        }
        print(table);
    }

    private static Set<String> members(JsonNode view) {
        Set<String> members = new TreeSet<>();
        view.path("members").forEach(member -> members.add(member.asText()));
        return members;
    }
}
