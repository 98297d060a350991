package org.ilb.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.Uplink;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;

/**
 * Looks at a configuration as a whole: its fields are right one by one, are they together?
 *
 * <p>Each check remembers where it saw a value first, so that the complaint names both places. Used once.
 */
final class Coherence {

    private final FrontEnd frontEnd;

    /** What each address is, and where it was said first: an address is one thing only. */
    private final Map<IpAddress, Role> roles = new HashMap<>();

    private Coherence(FrontEnd frontEnd) {
        this.frontEnd = frontEnd;
    }

    /**
     * Checks a configuration.
     *
     * @param frontEnd the configuration
     * @throws ConfigException if two of its parts contradict
     */
    static void check(FrontEnd frontEnd) {
        Coherence coherence = new Coherence(frontEnd);
        coherence.services();
        coherence.servers();
        coherence.ilbs();
        coherence.gateways();
        coherence.places();
    }

    private void services() {
        List<Service> services = frontEnd.services();
        Map<String, String> names = new HashMap<>();
        Map<Endpoint, String> endpoints = new HashMap<>();
        for (int i = 0; i < services.size(); i++) {
            Service service = services.get(i);
            String path = "services[" + i + "]";
            unique(names, service.name(), path + ".name", "the name of");
            String other = endpoints.putIfAbsent(service.endpoint(), path);
            if (other != null) {
                throw new ConfigException(path + ".port", service.endpoint() + " is " + other + " already");
            }
            claim(service.endpoint().address(), "the virtual address", path + ".address");
            prefixes(service.direct(), path + ".direct");
        }
        if (!services.isEmpty() && frontEnd.ilbs().isEmpty()) {
            throw new ConfigException("ilbs", "without any ILB no service can be balanced; list at least one");
        }
    }

    private static void prefixes(List<IpPrefix> prefixes, String path) {
        for (int i = 0; i < prefixes.size(); i++) {
            for (int j = 0; j < prefixes.size(); j++) {
                if (i != j && prefixes.get(j).contains(prefixes.get(i)) && (i > j || !same(prefixes, i, j))) {
                    throw new ConfigException(
                            path + "[" + i + "]",
                            prefixes.get(i) + " lies within " + path + "[" + j + "], " + prefixes.get(j));
                }
            }
        }
    }

    private static boolean same(List<IpPrefix> prefixes, int one, int other) {
        return prefixes.get(one).equals(prefixes.get(other));
    }

    private void servers() {
        Map<Endpoint, String> endpoints = new HashMap<>();
        Map<IpAddress, MacAddress> macs = new HashMap<>();
        Map<IpAddress, ConnectPoint> locations = new HashMap<>();
        for (int i = 0; i < frontEnd.services().size(); i++) {
            Service service = frontEnd.services().get(i);
            List<Server> servers = service.allServers();
            for (int j = 0; j < servers.size(); j++) {
                Server server = servers.get(j);
                String path = path(i, service, j);
                IpAddress address = server.endpoint().address();
                String other = endpoints.putIfAbsent(server.endpoint(), path);
                if (other != null) {
                    throw new ConfigException(
                            path + ".port",
                            server.endpoint() + " is " + other
                                    + " already; a server's address and port belong to one service, once");
                }
                claim(address, "a server", path + ".address");
                if (service.returnMode() == ReturnMode.DSR
                        && server.endpoint().port() != service.endpoint().port()) {
                    throw new ConfigException(
                            path + ".port",
                            server.endpoint().port() + " is not "
                                    + service.endpoint().port()
                                    + ", the service's port; with return \"dsr\" segments reach servers untranslated");
                }
                agree(macs, address, server.mac(), path + ".mac");
                agree(locations, address, server.location(), path + ".location");
            }
        }
    }

    /** Returns the path of one of {@link Service#allServers()}. */
    private static String path(int number, Service service, int index) {
        int own = service.servers().size();
        return "services[" + number + "]." + (index < own ? "servers[" + index : "backups[" + (index - own)) + "]";
    }

    private void ilbs() {
        List<Ilb> ilbs = frontEnd.ilbs();
        Map<IlbId, String> ids = new HashMap<>();
        Map<DeviceId, String> devices = new HashMap<>();
        Map<IpAddress, String> addresses = new HashMap<>();
        for (int i = 0; i < ilbs.size(); i++) {
            Ilb ilb = ilbs.get(i);
            String path = "ilbs[" + i + "]";
            unique(devices, ilb.device(), path + ".device", "the device of");
            unique(ids, ilb.id(), path + ".id", "the id of");
            if (ilb.id().isIndex() != ilbs.get(0).id().isIndex()) {
                throw new ConfigException(
                        path + ".id",
                        ilb.id() + " and that of ilbs[0] differ in kind; use addresses or indexes for all");
            }
            if (ilb.uplink().isPresent() != ilbs.get(0).uplink().isPresent()) {
                throw new ConfigException(
                        path + ".uplink",
                        (ilb.uplink().isPresent() ? "present" : "missing")
                                + ", unlike that of ilbs[0]; either every ILB has an uplink (routed) or none (flat)");
            }
            if (ilb.address().isPresent()) {
                String field = path + (ilb.id().isIndex() ? ".address" : ".id");
                unique(addresses, ilb.address().get(), field, "the address of");
                claim(ilb.address().get(), "an ILB's address", field);
            }
        }
        if (!ilbs.isEmpty() && ilbs.stream().allMatch(Ilb::draining)) {
            throw new ConfigException("ilbs[0].drain", "every ILB is drained; leave one that can own connections");
        }
        for (int i = 0; i < ilbs.size(); i++) {
            Optional<Uplink> uplink = ilbs.get(i).uplink();
            if (uplink.isPresent()) {
                claim(uplink.get().nextHop(), "a next hop", "ilbs[" + i + "].uplink.nextHop");
            }
        }
    }

    private void gateways() {
        Settings settings = frontEnd.settings();
        int i = 0;
        for (IpAddress gateway : settings.gateways()) {
            claim(gateway, "a gateway", "settings.gateways[" + i++ + "]");
        }
    }

    /** No server is attached where a router is. */
    private void places() {
        Map<ConnectPoint, String> uplinks = new HashMap<>();
        for (int i = 0; i < frontEnd.ilbs().size(); i++) {
            Ilb ilb = frontEnd.ilbs().get(i);
            if (ilb.uplink().isPresent()) {
                uplinks.put(new ConnectPoint(ilb.device(), ilb.uplink().get().port()), "ilbs[" + i + "].uplink");
            }
        }
        for (int i = 0; i < frontEnd.services().size(); i++) {
            Service service = frontEnd.services().get(i);
            List<Server> servers = service.allServers();
            for (int j = 0; j < servers.size(); j++) {
                String uplink = servers.get(j).location().map(uplinks::get).orElse(null);
                if (uplink != null) {
                    throw new ConfigException(
                            path(i, service, j) + ".location",
                            servers.get(j).location().get() + " is " + uplink + ", where the router is");
                }
            }
        }
    }

    private void claim(IpAddress address, String what, String path) {
        Role role = roles.putIfAbsent(address, new Role(what, path));
        if (role != null && !role.what.equals(what)) {
            throw new ConfigException(path, address + " is " + role.what + " already, by " + role.path);
        }
    }

    private static <K> void unique(Map<K, String> seen, K value, String path, String relation) {
        String other = seen.putIfAbsent(value, path);
        if (other != null) {
            throw new ConfigException(
                    path, value + " is " + relation + " " + other.substring(0, other.lastIndexOf('.')) + " already");
        }
    }

    private static <T> void agree(Map<IpAddress, T> seen, IpAddress address, Optional<T> value, String path) {
        T other = value.isPresent() ? seen.putIfAbsent(address, value.get()) : null;
        if (other != null && !other.equals(value.get())) {
            throw new ConfigException(
                    path, value.get() + " differs from " + other + ", configured for " + address + " before");
        }
    }

    /** What an address is, and where that was said. */
    private static final class Role {

        private final String what;
        private final String path;

        Role(String what, String path) {
            this.what = what;
            this.path = path;
        }
    }
}
