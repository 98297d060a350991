"""With return mode `dsr` servers hold the virtual address themselves: requests reach them and answers leave them as they were written,
bit for bit, per connection and in buckets; the ends of connections are seen and servers are found to be up all the same.

Every packet of the services is captured at the servers and at the router: what either got, the other had sent, bit for bit.
"""

from emulation.capture import Captures
from emulation.servers import Servers
from emulation.topology import SERVER_GATEWAY
from emulation.trouble import Broken
from emulation.waiting import wait_until

_PORTS = {"web": 80, "bucketed": 81}
_SIZE = 200_000


def play(lab):
    requests = lab.size("requests", 300)
    plan = lab.routed_plan()
    lab.use_controller()
    lab.build(plan)
    for server in plan.servers:
        hold(lab, server, lab.vip)
    lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=_PORTS.values())
    lab.later(lab.servers.close)
    lab.servers.file("page", _SIZE)
    lab.install()
    lab.configure(plan.configuration(services=services(plan), settings={"linger": 1}))
    for port in _PORTS.values():
        wait_until(f"port {port} answers", lambda port=port: lab.answers(plan.clients[0], port=port), 30)

    router = plan.role("router")[0]
    captures = Captures(lab.network, [*plan.servers, router], lab.vip)
    records = []
    for name, port in _PORTS.items():
        lab.step(f"{requests} requests and 8 downloads from {name} at {lab.vip}:{port}")
        records += lab.traffic("requests", port=port, count=requests, concurrency=4).wait(120)
        records += lab.traffic("download", port=port, parallel=8, path="/files/page", timeout=30).wait(60)
    captured = captures.stop()

    failed = [record for record in records if record["error"]]
    used = {record["server"] for record in records if record.get("server")}
    sent = set().union(*(captured[server.name]["out"] for server in plan.servers))
    received = set().union(*(captured[server.name]["in"] for server in plan.servers))
    # Health probes come from the switches.
    received = {packet for packet in received if not packet.startswith(SERVER_GATEWAY + ":")}
    # What the router got from the servers, and what it sent them; beside that it has what it got from clients and sent to them.
    arrived = {packet for packet in captured[router.name]["in"] if packet.startswith(lab.vip + ":")}
    forwarded = {packet for packet in captured[router.name]["out"] if not packet.startswith(lab.vip + ":")}
    touched, strange = arrived - sent, received - forwarded
    lab.figures.update(
        requests=len(records),
        failed=len(failed),
        servers=len(used),
        packetsToClients=len(arrived),
        packetsToServers=len(received),
        touchedToClients=len(touched),
        touchedToServers=len(strange),
    )
    lab.console.line(
        f"{len(records)} connections, {len(failed)} failed; packets to clients {len(arrived)}, touched {len(touched)}; "
        f"to servers {len(received)}, touched {len(strange)}"
    )
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} connections failed: {failed[0]['error']}")
    if len(used) < len(plan.servers):
        raise Broken(f"only {sorted(used)} of {len(plan.servers)} servers were used")
    if len(arrived) < 4 * len(records) or len(received) < 4 * len(records):
        raise Broken(f"only {len(arrived)} packets from servers and {len(received)} to them were seen")
    if touched or strange:
        lab.broken += sorted(touched) + sorted(strange)
        raise Broken(f"of {len(arrived)} packets from servers {len(touched)} were changed on their way, of {len(received)} to them {len(strange)}")
    wait_until("the ends of all connections were seen", lambda: not lab.onos.ilb.connections(), 30)
    lab.step("every association has ended")
    wait_until("all servers are up", lambda: _states(lab) == {"up"}, 15)
    lab.step("every server is up")


def _states(lab):
    return {server["health"]["state"] for server in lab.onos.ilb.service("web")["servers"]}


def services(plan):
    """A service of connections and one of buckets, at whose ports servers listen themselves."""
    health = {"kind": "http", "interval": 1000, "rise": 1}
    web = plan.service("web", _PORTS["web"], server_port=_PORTS["web"], health=health, **{"return": "dsr"})
    bucketed = plan.service(
        "bucketed", _PORTS["bucketed"], server_port=_PORTS["bucketed"], granularity="buckets", **{"return": "dsr"}
    )
    return [web, bucketed]


def hold(lab, server, address):
    """Gives a server an address that it serves and never names in ARP."""
    lines = [
        "echo 1 > /proc/sys/net/ipv4/conf/all/arp_ignore",
        "echo 2 > /proc/sys/net/ipv4/conf/all/arp_announce",
        f"ip addr add {address}/32 dev lo",
    ]
    lab.network.run(server, "sh", "-ec", "\n".join(lines))
