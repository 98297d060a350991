package org.ilb.cli;

import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.ilb.FrontEnd;

/** Completes a server: one of the service that the line names already, else any. */
@Service
public class ServerCompleter extends FrontEndCompleter {

    @Override
    List<String> choices(FrontEnd frontEnd) {
        Set<String> words = commandLine == null ? ImmutableSet.of() : ImmutableSet.copyOf(commandLine.getArguments());
        Predicate<org.ilb.Service> named = each -> words.contains(each.name());
        boolean any = frontEnd.services().stream().noneMatch(named);
        return frontEnd.services().stream()
                .filter(each -> any || named.test(each))
                .flatMap(each -> each.allServers().stream())
                .map(each -> each.endpoint().toString())
                .distinct()
                .collect(Collectors.toList());
    }
}
