package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.ilb.rest.Answers;

/** Shows what was counted. */
@Service
@Command(scope = "onos", name = "ilb-counters", description = "Lists what was counted since activation")
public class CountersCommand extends IlbCommand {

    @Override
    void show(IlbService ilb) throws JsonProcessingException {
        if (outputJson()) {
            print(new Answers(ilb).counters());
            return;
        }
        ShellTable table = table("Counter", "Value");
        ilb.counters().values().forEach((name, value) -> table.addRow().addContent(name, value));
        print(table);
    }
}
