package org.ilb.cli;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.ilb.FrontEnd;
import org.ilb.IlbService;
import org.onlab.osgi.ServiceNotFoundException;
import org.onosproject.cli.AbstractChoicesCompleter;
import org.onosproject.cli.AbstractShellCommand;

/** Completes from the configuration in force. */
abstract class FrontEndCompleter extends AbstractChoicesCompleter {

    @Override
    protected final List<String> choices() {
        try {
            return AbstractShellCommand.get(IlbService.class)
                    .frontEnd()
                    .map(this::choices)
                    .orElse(ImmutableList.of());
        } catch (ServiceNotFoundException e) {
            // The application is about to start or to stop; the Tab key is no place for a complaint.
            return ImmutableList.of();
        }
    }

    /**
     * Returns what can be completed.
     *
     * @param frontEnd the configuration in force
     * @return the choices
     */
    abstract List<String> choices(FrontEnd frontEnd);
}
