package org.ilb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.karaf.shell.support.table.ShellTable;
import org.ilb.IlbService;
import org.onosproject.cli.AbstractShellCommand;

/** A command that shows something of the service. */
abstract class IlbCommand extends AbstractShellCommand {

    @Override
    protected final void doExecute() throws JsonProcessingException {
        show(get(IlbService.class));
    }

    /**
     * Prints what was asked for.
     *
     * @param ilb whom to ask
     * @throws JsonProcessingException never, with JSON of our own
     * @throws IllegalArgumentException with a sentence, which the console prints, if it cannot be shown
     */
    abstract void show(IlbService ilb) throws JsonProcessingException;

    /** Prints JSON, indented. */
    final void print(ObjectNode json) throws JsonProcessingException {
        ObjectWriter writer = mapper().writerWithDefaultPrettyPrinter();
        print("%s", writer.writeValueAsString(json));
    }

    /** Prints a table; plain ASCII, so that what reads it by ssh needs no character set. */
    final void print(ShellTable table) {
        table.forceAscii().print(System.out);
    }

    static ShellTable table(String... columns) {
        ShellTable table = new ShellTable();
        for (String column : columns) {
            table.column(column);
        }
        return table;
    }
}
