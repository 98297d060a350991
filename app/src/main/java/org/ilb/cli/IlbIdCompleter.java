package org.ilb.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.FrontEnd;

/** Completes the id of an ILB. */
@Service
public class IlbIdCompleter extends FrontEndCompleter {

    @Override
    List<String> choices(FrontEnd frontEnd) {
        return frontEnd.ilbs().stream().map(each -> each.id().toString()).collect(Collectors.toList());
    }
}
