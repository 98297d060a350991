package org.ilb.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.FrontEnd;

/** Completes where clients find a service. */
@Service
public class VirtualEndpointCompleter extends FrontEndCompleter {

    @Override
    List<String> choices(FrontEnd frontEnd) {
        return frontEnd.services().stream()
                .map(each -> each.endpoint().toString())
                .collect(Collectors.toList());
    }
}
