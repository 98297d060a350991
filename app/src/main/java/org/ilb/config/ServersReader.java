package org.ilb.config;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ilb.AdminState;
import org.ilb.Endpoint;
import org.ilb.Server;

/** Reads the servers of a service, those of its pool and those that back it up. Stateless and thread-safe. */
final class ServersReader {

    static final Set<String> SERVER =
            ImmutableSet.of("address", "port", "weight", "mac", "location", "state", "drainUntil");

    static final Map<String, AdminState> STATES = ImmutableMap.of(
            "enabled", AdminState.ENABLED, "draining", AdminState.DRAINING, "disabled", AdminState.DISABLED);

    private ServersReader() {}

    /** Returns the pool of a service, which has one server at least. */
    static List<Server> pool(Field list) {
        List<Server> servers = backups(list);
        if (servers.isEmpty()) {
            throw list.error((list.isPresent() ? "empty" : "missing") + "; a service needs at least one server");
        }
        return servers;
    }

    /** Returns the servers of a list, which may be empty or missing. */
    static List<Server> backups(Field list) {
        ImmutableList.Builder<Server> servers = ImmutableList.builder();
        for (Field element : list.list("servers")) {
            servers.add(server(element.object(SERVER)));
        }
        return servers.build();
    }

    private static Server server(Field field) {
        Field mac = field.get("mac");
        Field location = field.get("location");
        AdminState state = field.get("state").choiceOr(AdminState.ENABLED, STATES);
        Field deadline = field.get("drainUntil");
        if (deadline.isPresent() && state != AdminState.DRAINING) {
            throw deadline.error("present, but state is not \"draining\"");
        }
        return new Server(
                        Endpoint.of(
                                field.get("address").address(),
                                field.get("port").number(1, Endpoint.MAX_PORT)),
                        field.get("weight").numberOr(1, 0, Server.MAX_WEIGHT),
                        mac.isPresent() ? mac.mac() : null,
                        location.isPresent() ? location.connectPoint() : null)
                .in(state, deadline.isPresent() ? deadline.instant() : null);
    }
}
