"""What networks look like: plans of switches, hosts and cables, before anything is built.

Two ways in, as `docs/architecture.md` names them:

*routed*    clients - one Linux router, which spreads flows over the ILBs by equal-cost routes - ILB switches,
            each on a link and an address range of its own - leaf switches that are no ILBs, every ILB
            connected to every leaf - servers
*flat*      clients, ordinary hosts and servers on the same switches, all of them ILBs, in one address range

Plans are values: building one is `network.py`'s work, and unit tests look at them without root.
"""

import dataclasses
import ipaddress

from emulation.trouble import Trouble

# The virtual address that scenarios balance, with room beside it for more services.
ROUTED_VIP = "10.100.0.1"
FLAT_VIP = "10.0.100.1"
SERVER_PORT = 8080
# The service of connections that last: its port at the virtual address, and its servers'.
LASTING_PORT = 7
LASTING_SERVER_PORT = 9000
SERVER_GATEWAY = "10.0.0.254"
_LEAF_DPID = 0x100
_ILB_PORTS_OF_A_LEAF = 100


@dataclasses.dataclass(frozen=True)
class Switch:
    """An OpenFlow switch; `ilb_id` is what is scored where it is an ILB, None where it is not."""

    name: str
    dpid: int
    ilb_id: object = None

    @property
    def device(self):
        """The switch as ONOS names it."""
        return f"of:{self.dpid:016x}"


@dataclasses.dataclass(frozen=True)
class Interface:
    """One port of a host: its number, MAC, and address with prefix length."""

    port: int
    mac: str
    address: str

    @property
    def ip(self):
        return str(ipaddress.ip_interface(self.address).ip)


@dataclasses.dataclass(frozen=True)
class Route:
    """A route of a host; several gateways share its flows."""

    destination: str
    gateways: tuple


@dataclasses.dataclass(frozen=True)
class Host:
    """A machine in a network namespace of its own; `role` is client, router, server or ordinary."""

    name: str
    role: str
    interfaces: tuple
    routes: tuple = ()

    @property
    def ip(self):
        return self.interfaces[0].ip

    @property
    def mac(self):
        return self.interfaces[0].mac


@dataclasses.dataclass(frozen=True)
class Link:
    """A cable between two ports; hosts and switches both number theirs."""

    left: str
    left_port: int
    right: str
    right_port: int


@dataclasses.dataclass(frozen=True)
class Plan:
    """A whole network, and what of it the application is told."""

    kind: str
    vip: str
    switches: tuple
    hosts: tuple
    links: tuple

    @property
    def ilbs(self):
        """The switches that are ILBs."""
        return [switch for switch in self.switches if switch.ilb_id is not None]

    @property
    def leaves(self):
        """The switches that are not."""
        return [switch for switch in self.switches if switch.ilb_id is None]

    def role(self, role):
        """The hosts of one role."""
        return [host for host in self.hosts if host.role == role]

    @property
    def clients(self):
        return self.role("client")

    @property
    def servers(self):
        return self.role("server")

    def host(self, name):
        return next(host for host in self.hosts if host.name == name)

    def switch(self, name):
        return next(switch for switch in self.switches if switch.name == name)

    def switch_links(self):
        """The cables between switches."""
        names = {switch.name for switch in self.switches}
        return [link for link in self.links if link.left in names and link.right in names]

    def attachment(self, host_name):
        """The switch and its port that a host hangs on, by its first such cable."""
        names = {switch.name: switch for switch in self.switches}
        for link in self.links:
            if link.left == host_name and link.right in names:
                return names[link.right], link.right_port
            if link.right == host_name and link.left in names:
                return names[link.left], link.left_port
        raise KeyError(host_name)

    def location(self, host_name):
        """The same as ONOS writes it, device/port."""
        switch, port = self.attachment(host_name)
        return f"{switch.device}/{port}"

    def configuration(self, weights=None, services=None, settings=None):
        """The application's network configuration for this network.

        `weights` are those of the servers, in order; `services` replaces the one service `web` on port 80;
        `settings` are added to what the kind of network needs.
        """
        return {
            "services": [self.service(weights=weights)] if services is None else services,
            "ilbs": [self._ilb_entry(switch) for switch in self.ilbs],
            "settings": {**self._settings(), **(settings or {})},
        }

    def lasting_configuration(self, seed, settings=None, **fields):
        """The configuration of both services; `fields` go to each of them."""
        services = [self.service(**fields), self.lasting_service(**fields)]
        return self.configuration(services=services, settings={"seed": seed, **(settings or {})})

    def lasting_service(self, **fields):
        """The service of connections that last, beside `web` on the same servers."""
        return self.service("lasting", LASTING_PORT, server_port=LASTING_SERVER_PORT, **fields)

    def service(self, name="web", port=80, weights=None, servers=None, server_port=SERVER_PORT, **fields):
        """One service, over all servers unless told otherwise."""
        servers = self.servers if servers is None else servers
        weights = weights or [1] * len(servers)
        return {
            "name": name,
            "address": self.vip,
            "port": port,
            "policy": "weighted-round-robin",
            "servers": [
                {
                    "address": server.ip,
                    "port": server_port,
                    "weight": weight,
                    "location": self.location(server.name),
                    "mac": server.mac,
                }
                for server, weight in zip(servers, weights)
            ],
            **fields,
        }

    def _settings(self):
        return {"gateways": [SERVER_GATEWAY]} if self.kind == "routed" else {}

    def _ilb_entry(self, switch):
        entry = {"device": switch.device, "id": switch.ilb_id}
        if self.kind == "routed":
            # An ILB's range is 10.10.i.0/24, the router being its 254.
            network = ipaddress.ip_network(f"{switch.ilb_id}/24", strict=False)
            entry["uplink"] = {"port": 1, "nextHop": str(network.network_address + 254)}
        return entry


def routed(clients=4, ilbs=4, leaves=2, servers=4):
    """Clients behind a router that spreads their flows over ILBs; servers behind leaves that are none."""
    _require("clients", clients, 1, 200)
    _require("ilbs", ilbs, 1, 64)
    _require("leaves", leaves, 1, 16)
    _require("servers", servers, 1, 99)
    router_interfaces, client_hosts, links = [], [], []
    for number in range(1, clients + 1):
        router_interfaces.append(Interface(number, _mac(0xFE, number), f"10.1.{number}.254/24"))
        client_hosts.append(
            Host(
                f"client{number}",
                "client",
                (Interface(0, _mac(0xC1, number), f"10.1.{number}.1/24"),),
                (Route("default", (f"10.1.{number}.254",)),),
            )
        )
        links.append(Link(f"client{number}", 0, "router", number))
    switches = [Switch(f"ilb{number}", number, f"10.10.{number}.1") for number in range(1, ilbs + 1)]
    leaf_switches = [Switch(f"leaf{number}", _LEAF_DPID + number) for number in range(1, leaves + 1)]
    for number, switch in enumerate(switches, 1):
        port = clients + number
        router_interfaces.append(Interface(port, _mac(0xFE, port), f"10.10.{number}.254/24"))
        links.append(Link("router", port, switch.name, 1))
        for leaf_number, leaf in enumerate(leaf_switches, 1):
            links.append(Link(switch.name, 1 + leaf_number, leaf.name, _ILB_PORTS_OF_A_LEAF + number))
    router = Host(
        "router",
        "router",
        tuple(router_interfaces),
        (Route("10.100.0.0/24", tuple(switch.ilb_id for switch in switches)),),
    )
    server_hosts = []
    for number in range(1, servers + 1):
        leaf = leaf_switches[(number - 1) % leaves]
        server_hosts.append(
            Host(
                f"server{number}",
                "server",
                (Interface(0, _mac(0x5E, number), f"10.0.0.{10 + number}/24"),),
                (Route("default", (SERVER_GATEWAY,)),),
            )
        )
        links.append(Link(f"server{number}", 0, leaf.name, (number - 1) // leaves + 1))
    return Plan(
        "routed",
        ROUTED_VIP,
        tuple([*switches, *leaf_switches]),
        tuple([*client_hosts, router, *server_hosts]),
        tuple(links),
    )


def flat(clients=4, ilbs=3, servers=3, ordinary=2):
    """Everyone in 10.0.0.0/16 on a ring of switches that are all ILBs, scored by their index.

    Servers are 10.0.0.x, clients 10.0.1.x, ordinary hosts (no clients of the service, no servers) 10.0.2.x.
    """
    _require("clients", clients, 1, 200)
    _require("ilbs", ilbs, 1, 64)
    _require("servers", servers, 1, 200)
    switches = [Switch(f"ilb{number}", number, number) for number in range(1, ilbs + 1)]
    links, hosts, used = [], [], {switch.name: 2 for switch in switches}
    ring = range(ilbs if ilbs > 2 else ilbs - 1)
    for index in ring:
        links.append(Link(switches[index].name, 1, switches[(index + 1) % ilbs].name, 2))
    kinds = (("client", clients, 1, 0xC1), ("ordinary", ordinary, 2, 0x0D), ("server", servers, 0, 0x5E))
    for role, count, third, kind in kinds:
        for number in range(1, count + 1):
            name = f"{'host' if role == 'ordinary' else role}{number}"
            last = 10 + number
            hosts.append(Host(name, role, (Interface(0, _mac(kind, number), f"10.0.{third}.{last}/16"),)))
            switch = switches[(number - 1) % ilbs]
            used[switch.name] += 1
            links.append(Link(name, 0, switch.name, used[switch.name]))
    return Plan("flat", FLAT_VIP, tuple(switches), tuple(hosts), tuple(links))


def _require(name, value, lowest, highest):
    if not lowest <= value <= highest:
        raise Trouble(f"a network of this kind has {lowest} to {highest} {name}, not {value}")


def _mac(kind, number):
    # Locally administered, and readable in a capture: what it is, then which.
    return f"02:00:00:{kind:02x}:00:{number:02x}"
