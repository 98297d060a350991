"""What the application is compared with, on the same hosts and switches: static forwarding rules, which balance nothing and
show what the emulation can do at most; HAProxy in TCP mode and nftables' DNAT, both on the router host.

All of them reach the servers by a port of their own, which the application's rules say nothing about. The static rules lie in
table 0, above the application's, and have their place in ONOS, so that nobody takes them away.
"""

from emulation.trouble import Broken
from emulation.waiting import wait_until

# The servers' port that no service has.
PLAIN_PORT = 8081
HAPROXY_VIP = "10.100.1.1"
DNAT_VIP = "10.100.2.1"
_PORT = 80
_APPLICATION = "org.ilb.bench"
# Above the application's rules, below ONOS's own.
_PRIORITY = 39900
# HAProxy's own sources: so many at each server in one run, in a /24 of the run's own.
_SOURCES_PER_SERVER = 16


class StaticRules:
    """Forwarding rules to the servers' plain port and back, the way that the application's rules go: router, ILB, leaf, server."""

    def __init__(self, lab):
        self._lab = lab
        plan = lab.plan
        router = plan.role("router")[0]
        for number, ilb in enumerate(plan.ilbs):
            for server in plan.servers:
                to_leaf = self._port(ilb.name, plan.attachment(server.name)[0].name)
                self._add(ilb, self._to(server), [_eth_dst(server.mac), _output(to_leaf)])
            # The router's interfaces towards the ILBs follow those towards its clients.
            mac = router.interfaces[len(plan.clients) + number].mac
            self._add(ilb, _from(), [_eth_dst(mac), _output(1)])
        for number, server in enumerate(plan.servers):
            leaf, port = plan.attachment(server.name)
            self._add(leaf, self._to(server), [_output(port)])
            uplink = self._port(leaf.name, plan.ilbs[number % len(plan.ilbs)].name)
            self._add(leaf, _from(server), [_output(uplink)])
        gateways = " ".join(f"nexthop via {switch.ilb_id}" for switch in plan.ilbs)
        lab.network.run(router, "sh", "-c", f"ip route add 10.0.0.0/24 {gateways}")
        lab.later(self.close)
        self._await()

    def targets(self, addresses=None):
        """Where clients connect to: every server itself, or the servers with these addresses."""
        return [[address, PLAIN_PORT] for address in addresses or [server.ip for server in self._lab.plan.servers]]

    def close(self):
        self._lab.onos.remove_flows_of(_APPLICATION)

    def _await(self):
        plan = self._lab.plan
        wait_until("every client reaches every server by the static rules", lambda: all(
            self._lab.answers(client, host=server.ip, port=PLAIN_PORT) for client in plan.clients for server in plan.servers
        ), 30)  # fmt: skip

    def _add(self, switch, selector, treatment):
        self._lab.onos.add_flow(switch.device, _APPLICATION, _PRIORITY, selector, treatment)

    def _to(self, server):
        return [*_TCP, {"type": "IPV4_DST", "ip": f"{server.ip}/32"}, {"type": "TCP_DST", "tcpPort": PLAIN_PORT}]

    def _port(self, switch, other):
        for link in self._lab.plan.links:
            if (link.left, link.right) == (switch, other):
                return link.left_port
            if (link.right, link.left) == (switch, other):
                return link.right_port
        raise Broken(f"there is no cable between {switch} and {other}")


_TCP = ({"type": "ETH_TYPE", "ethType": "0x800"}, {"type": "IP_PROTO", "protocol": 6})


def _from(server=None):
    source = [{"type": "IPV4_SRC", "ip": f"{server.ip}/32"}] if server else []
    return [*_TCP, *source, {"type": "TCP_SRC", "tcpPort": PLAIN_PORT}]


def _eth_dst(mac):
    return {"type": "L2MODIFICATION", "subtype": "ETH_DST", "mac": mac}


def _output(port):
    return {"type": "OUTPUT", "port": str(port)}


class HaProxy:
    """HAProxy in TCP mode on the router host, started anew for each run with sources of its own that nobody used lately."""

    _CONFIGURATION = """
global
    maxconn 4000
defaults
    mode tcp
    balance roundrobin
    timeout connect 10s
    timeout client 60s
    timeout server 60s
listen web
    bind {address}:{port} backlog 4096
{servers}
"""

    def __init__(self, lab):
        self._lab = lab
        self._router = lab.plan.role("router")[0]
        self._run = 0
        self._file = lab.directory / "haproxy.cfg"
        lab.network.run(self._router, "ip", "addr", "add", f"{HAPROXY_VIP}/32", "dev", "lo")
        lab.network.run(self._router, "ip", "route", "add", "local", "10.2.0.0/16", "dev", "lo")

    def __enter__(self):
        block, self._run = self._run % 256, self._run + 1
        lines = []
        for turn in range(_SOURCES_PER_SERVER):
            for number, server in enumerate(self._lab.plan.servers):
                source = f"10.2.{block}.{1 + number * _SOURCES_PER_SERVER + turn}"
                lines.append(f"    server {server.name}-{turn} {server.ip}:{PLAIN_PORT} source {source}")
        self._file.write_text(self._CONFIGURATION.format(address=HAPROXY_VIP, port=_PORT, servers="\n".join(lines)))
        self._child = self._lab.network.start(self._router, "haproxy", "-db", "-f", str(self._file))
        try:
            wait_until("HAProxy listens", self._listens, 10, pause=0.05)
        except BaseException:
            self._child.stop()
            raise
        return [[HAPROXY_VIP, _PORT]]

    def __exit__(self, *_):
        self._child.stop()

    def _listens(self):
        return f"{HAPROXY_VIP}:{_PORT}" in self._lab.network.run(self._router, "ss", "-Hltn")


class Dnat:
    """Destination NAT by nftables on the router host. Its rules, and with them the tracking of connections, are there for
    the time of a run only: whoever else is measured does not pay for them."""

    _RULES = """
table ip balance {{
    chain prerouting {{
        type nat hook prerouting priority dstnat;
        ip daddr {address} tcp dport {port} dnat ip to numgen inc mod {count} map {{ {servers} }}
    }}
}}
"""

    def __init__(self, lab):
        self._lab = lab
        self._router = lab.plan.role("router")[0]
        lab.network.run(self._router, "ip", "addr", "add", f"{DNAT_VIP}/32", "dev", "lo")

    def __enter__(self):
        servers = self._lab.plan.servers
        rules = self._RULES.format(
            address=DNAT_VIP,
            port=_PORT,
            count=len(servers),
            servers=", ".join(f"{number} : {server.ip} . {PLAIN_PORT}" for number, server in enumerate(servers)),
        )
        self._lab.network.run(self._router, "nft", "-f", "-", stdin=rules)
        return [[DNAT_VIP, _PORT]]

    def __exit__(self, *_):
        self._lab.network.run(self._router, "nft", "delete", "table", "ip", "balance")
