package org.ilb.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.FrontEnd;

/** Completes the name of a service that has buckets. */
@Service
public class BucketServiceCompleter extends FrontEndCompleter {

    @Override
    List<String> choices(FrontEnd frontEnd) {
        return frontEnd.services().stream()
                .filter(each -> each.buckets().isPresent())
                .map(each -> each.name())
                .collect(Collectors.toList());
    }
}
