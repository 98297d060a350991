package org.ilb.dataplane.fabric;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.ilb.Endpoint;
import org.ilb.FrontEnd;
import org.ilb.HandOff;
import org.ilb.Ilb;
import org.ilb.IlbId;
import org.ilb.ReturnMode;
import org.ilb.Server;
import org.ilb.Service;
import org.ilb.Settings;
import org.ilb.UnknownConnection;
import org.ilb.Uplink;
import org.onlab.packet.IpAddress;
import org.onlab.packet.IpPrefix;
import org.onlab.packet.MacAddress;
import org.onosproject.net.ConnectPoint;
import org.onosproject.net.DeviceId;
import org.onosproject.net.PortNumber;

/** A front-end function on a random connected network, with everything known: the situation of a settled day. */
final class RandomNetwork {

    static final IpPrefix DIRECT = IpPrefix.valueOf("10.9.0.0/16");

    final Set<Cable> cables = new LinkedHashSet<>();
    final List<DeviceId> devices = new ArrayList<>();
    final List<Ilb> ilbs = new ArrayList<>();
    final List<Service> services = new ArrayList<>();
    final Map<IpAddress, Place> servers = new LinkedHashMap<>();
    final Map<IlbId, NextHop> nextHops = new HashMap<>();
    final Map<IpAddress, Place> clients = new LinkedHashMap<>();
    final Map<IpAddress, Place> directHosts = new LinkedHashMap<>();
    final Set<DeviceId> singleTable = new HashSet<>();
    final Set<IlbId> out = new HashSet<>();
    final boolean routed;

    private final Random random;
    private final Map<DeviceId, Integer> nextPort = new HashMap<>();

    RandomNetwork(long seed, boolean routed) {
        this.random = new Random(seed);
        this.routed = routed;
        int size = 1 + random.nextInt(7);
        for (int i = 1; i <= size; i++) {
            DeviceId device = DeviceId.deviceId(String.format("of:%016x", i));
            if (!devices.isEmpty()) {
                link(device, any(devices));
            }
            devices.add(device);
        }
        for (int extra = random.nextInt(size + 1); extra > 0; extra--) {
            DeviceId one = any(devices);
            DeviceId other = any(devices);
            if (!one.equals(other)) {
                link(one, other);
            }
        }
        makeIlbs();
        makeServices();
        makeHosts();
    }

    private void makeIlbs() {
        boolean oneMac = random.nextBoolean();
        int count = 1 + random.nextInt(devices.size());
        List<DeviceId> free = new ArrayList<>(devices);
        for (int i = 1; i <= count; i++) {
            DeviceId device = free.remove(random.nextInt(free.size()));
            if (routed) {
                IpAddress address = IpAddress.valueOf("192.168." + i + ".2");
                Uplink uplink = new Uplink(port(device), IpAddress.valueOf("192.168." + i + ".1"));
                Ilb ilb = new Ilb(IlbId.of(address), device, address, uplink);
                ilbs.add(ilb);
                nextHops.put(ilb.id(), new NextHop(mac(0xff0000 + (oneMac ? 0 : i)), true));
            } else {
                ilbs.add(new Ilb(IlbId.ofIndex(i), device, null, null));
            }
        }
    }

    private void makeServices() {
        int number = 1;
        for (int s = 1; s <= 1 + random.nextInt(3); s++) {
            List<Server> pool = new ArrayList<>();
            ReturnMode mode = random.nextInt(3) == 0 ? ReturnMode.DSR : ReturnMode.NAT;
            for (int i = 0; i <= random.nextInt(3); i++) {
                IpAddress address = IpAddress.valueOf("10.0.0." + number);
                pool.add(new Server(Endpoint.of(address, mode == ReturnMode.DSR ? 80 : 8080), 1, null, null));
                servers.put(address, new Place(mac(number), edgePort()));
                number++;
            }
            services.add(new Service(
                            "s" + s,
                            Endpoint.of(IpAddress.valueOf("10.1.0." + s), 80),
                            "weighted-round-robin",
                            HandOff.DIRECT,
                            UnknownConnection.RESET,
                            ImmutableList.of(DIRECT),
                            pool)
                    .returning(mode));
        }
    }

    private void makeHosts() {
        for (int i = 1; i <= 1 + random.nextInt(4); i++) {
            directHosts.put(IpAddress.valueOf("10.9.0." + i), new Place(mac(0x9000 + i), edgePort()));
            if (!routed) {
                clients.put(IpAddress.valueOf("10.0.1." + i), new Place(mac(0x1000 + i), edgePort()));
            }
        }
    }

    FrontEnd frontEnd() {
        return new FrontEnd(services, ilbs, Settings.builder(7).build());
    }

    Situation situation() {
        return situation(cables);
    }

    Situation situation(Set<Cable> linked) {
        return Situation.of(frontEnd())
                .wiring(new Wiring(linked, ImmutableSet.of()))
                .available(ImmutableSet.copyOf(devices))
                .singleTable(singleTable)
                .servers(servers)
                .nextHops(nextHops)
                .clients(clients)
                .directHosts(directHosts)
                .out(out)
                .build();
    }

    RandomNetwork withSingleTables() {
        for (DeviceId device : devices) {
            if (random.nextBoolean()) {
                singleTable.add(device);
            }
        }
        return this;
    }

    ConnectPoint uplink(Ilb ilb) {
        return new ConnectPoint(ilb.device(), ilb.uplink().orElseThrow().port());
    }

    <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    static Cable reverse(Cable cable) {
        return new Cable(cable.destination(), cable.source());
    }

    static MacAddress mac(int number) {
        return MacAddress.valueOf(0x00_00_5e_00_00_00L | number);
    }

    private void link(DeviceId one, DeviceId other) {
        Cable cable = new Cable(new ConnectPoint(one, port(one)), new ConnectPoint(other, port(other)));
        cables.add(cable);
        cables.add(reverse(cable));
    }

    /** A port of its own, or now and then one that hosts share, as behind an unmanaged switch. */
    private ConnectPoint edgePort() {
        List<ConnectPoint> shared = new ArrayList<>();
        servers.values().forEach(place -> shared.add(place.location()));
        if (!shared.isEmpty() && random.nextInt(4) == 0) {
            return any(shared);
        }
        DeviceId device = any(devices);
        return new ConnectPoint(device, port(device));
    }

    private PortNumber port(DeviceId device) {
        return PortNumber.portNumber(nextPort.merge(device, 1, Integer::sum));
    }
}
