package org.ilb.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Instant;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Drains a server, until its last connection has ended or until a deadline. */
@Service
@Command(
        scope = "onos",
        name = "ilb-server-drain",
        description = "Drains a server: it takes no new connections and keeps those that it has")
public class ServerDrainCommand extends ServerCommand {

    @Option(
            name = "-d",
            aliases = "--deadline",
            description = "When the server is as if disabled: in 90s, 10m, 2h or 1d, "
                    + "or a moment such as 2030-01-31T18:00:00Z; never by default")
    @Completion(
            value = StringsCompleter.class,
            values = {"1m", "10m", "1h", "1d"})
    String deadline;

    Clock clock = Clock.systemUTC();

    private Instant until;

    @Override
    void prepare() {
        until = deadline == null ? null : Deadline.parse(deadline, clock.instant());
    }

    @Override
    void edit(ObjectNode one) {
        enable(one);
        one.put("state", "draining");
        if (until != null) {
            one.put("drainUntil", until.toString());
        }
    }

    @Override
    String sentence() {
        return server + " is drained" + (until == null ? "" : " until " + until) + "; ilb-servers " + service
                + " shows what it still has";
    }
}
