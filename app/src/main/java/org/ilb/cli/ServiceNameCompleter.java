package org.ilb.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.FrontEnd;

/** Completes the name of a service. */
@Service
public class ServiceNameCompleter extends FrontEndCompleter {

    @Override
    List<String> choices(FrontEnd frontEnd) {
        return frontEnd.services().stream().map(each -> each.name()).collect(Collectors.toList());
    }
}
