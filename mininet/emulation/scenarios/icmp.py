"""A link behind the router is narrower than what servers send: the router's ICMP errors, which come in by any ILB, reach the server of
each connection, per connection, in buckets and with `dsr`, and downloads complete. Virtual addresses answer pings.

Fragments of segments, which no rule of a service can match, are dropped and counted.
"""

import sys
import types

from emulation.scenarios.dsr import hold
from emulation.servers import Servers
from emulation.trouble import Broken
from emulation.waiting import wait_until

_PORTS = {"web": 80, "bucketed": 81, "direct": 82}
_NARROW = 1200
_SIZE = 3_000_000
_PARALLEL = 3
_PINGS = 10
_FRAGMENTED = 5

# Segments in two fragments each, from a port of its own.
_FRAGMENTS = """
import socket, struct, sys
source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
for number in range(count):
    segment = struct.pack("!HHIIBBHHH", 40000 + number, 80, 1, 0, 5 << 4, 2, 1024, 0, 0) + bytes(12)
    for offset, more, piece in ((0, 1, segment[:16]), (2, 0, segment[16:])):
        head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(piece), 1 + number, more << 13 | offset, 64, 6, 0,
                           socket.inet_aton(source), socket.inet_aton(target))
        raw.sendto(head + piece, (target, 0))
"""


def play(lab):
    plan = lab.routed_plan()
    lab.use_controller()
    lab.build(plan)
    for server in plan.servers:
        hold(lab, server, lab.vip)
    lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=(_PORTS["bucketed"], _PORTS["direct"]))
    lab.later(lab.servers.close)
    digest = lab.servers.file("big", _SIZE)
    lab.install()
    lab.configure(plan.configuration(services=_services(plan)))
    for port in _PORTS.values():
        wait_until(f"port {port} answers", lambda port=port: lab.answers(plan.clients[0], port=port), 30)
    _pings(lab)
    _narrow(lab, digest)
    _fragments(lab)


def _services(plan):
    direct = plan.service("direct", _PORTS["direct"], server_port=_PORTS["direct"], **{"return": "dsr"})
    # A server's address and port belong to one service.
    bucketed = plan.service("bucketed", _PORTS["bucketed"], server_port=_PORTS["bucketed"], granularity="buckets")
    return [plan.service("web", _PORTS["web"]), bucketed, direct]


def _pings(lab):
    answered = lab.pings(lab.plan.clients[0], types.SimpleNamespace(ip=lab.vip), _PINGS)
    lab.figures.update(pingsAnswered=answered)
    lab.step(f"{answered} of {_PINGS} pings of {lab.vip} were answered")
    if answered < _PINGS:
        raise Broken(f"{_PINGS - answered} of {_PINGS} pings of the virtual address were not answered")


def _narrow(lab, digest):
    router, tag = lab.plan.role("router")[0], lab.options.tag
    # A client of its own for each service: servers remember the way to a client, whichever service it uses.
    clients = dict(zip(_PORTS, lab.plan.clients))
    for client in clients.values():
        link = next(link for link in lab.plan.links if link.left == client.name)
        lab.network.run(router, "ip", "link", "set", f"{tag}router-eth{link.right_port}", "mtu", str(_NARROW))
    # To one address, and that of all servers is the virtual one, Linux sends an error a second once it has sent six.
    lab.network.run(router, "sh", "-c", "echo 50 > /proc/sys/net/ipv4/icmp_ratelimit")
    before = lab.onos.ilb.counters()
    failed = []
    for name, client in clients.items():
        lab.step(f"{_PARALLEL} downloads of {_SIZE // 1_000_000} MB from {name} through a link of {_NARROW} bytes")
        records = lab.traffic(
            "download", clients=[client], port=_PORTS[name], parallel=_PARALLEL, path="/files/big", timeout=20
        ).wait(60)
        failed += [(name, record["error"] or "other contents") for record in records if record["sha256"] != digest]
        lab.figures[f"{name}Seconds"] = round(max(record["seconds"] for record in records), 1)
    if failed:
        raise Broken(f"{len(failed)} of {_PARALLEL * len(clients)} downloads failed, from {failed[0][0]}: {failed[0][1]}")
    errors = lab.onos.ilb.counters()["icmp-errors"] - before["icmp-errors"]
    lab.figures.update(icmpErrors=errors)
    lab.step(f"all complete; {errors} ICMP errors were sent on to servers")
    if errors < len(clients):
        raise Broken(f"only {errors} ICMP errors were sent on: the narrow link was not there")


def _fragments(lab):
    client = lab.plan.clients[-1]
    modes = {lab.session.openvswitch.ofctl("get-frags", lab.network.bridge(ilb)).strip().rpartition("=")[2] for ilb in lab.plan.ilbs}
    lab.step(f"Open vSwitch treats fragments as {sorted(modes)}; {_FRAGMENTED} segments in two fragments each")
    lab.network.run(client, sys.executable, "-c", _FRAGMENTS, client.ip, lab.vip, str(_FRAGMENTED))
    wait_until(
        "the fragments are counted", lambda: lab.onos.ilb.counters()["fragments"] >= 2 * _FRAGMENTED, 25, pause=0.5
    )
    counted = lab.onos.ilb.counters()["fragments"]
    lab.figures.update(fragments=counted)
    if counted != 2 * _FRAGMENTED:
        raise Broken(f"{2 * _FRAGMENTED} fragments were sent, and {counted} counted")
