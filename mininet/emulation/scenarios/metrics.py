"""What Prometheus is told under load is what happened: connections, packets and bytes of each server, and of each ILB, agree with
what clients did and what the servers' and the router's own kernels counted, each packet once, for connections that are relayed
to their owners and for connections in buckets; and no counter ever goes back.

The load runs on two services of the same servers. The metrics are read while it runs, and judged when ONOS has polled the
switches after it. ONOS's own registry of metrics has the same values.
"""

import collections
import re
import secrets

from emulation import load
from emulation.servers import Servers
from emulation.trouble import Broken
from emulation.waiting import wait_until

_CONNECTIONS = 1000
_CONCURRENCY = 8
_GATHERED_PORT, _GATHERED_SERVER_PORT = 8000, 8081
# Without caches whoever does not know a connection relays it.
_SETTINGS = {"cacheSize": 0}
# Two polls of the switches, when others use the machine.
_POLLED_SECONDS = 40
# A frame that is no TCP segment: ARP, or a neighbour's ICMP.
_LARGEST_OTHER = 128
_SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)$')
_LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')


class Metrics:
    """What the endpoint said at one moment."""

    def __init__(self, lab):
        self.kinds, self.samples = {}, {}
        explained = set()
        for line in lab.onos.ilb.raw("metrics").splitlines():
            words = line.split(" ", 3)
            if line.startswith("# HELP "):
                explained.add(words[2])
            elif line.startswith("# TYPE "):
                self.kinds[words[2]] = words[3]
            else:
                found = _SAMPLE.match(line)
                if not found:
                    raise Broken(f"Prometheus would not understand the line {line!r}")
                key = found[1], frozenset(_LABEL.findall(found[2] or ""))
                if key in self.samples:
                    raise Broken(f"{found[1]}{{{found[2]}}} is there twice")
                self.samples[key] = float(found[3])
        if explained != self.kinds.keys():
            raise Broken(f"not explained or without a type: {sorted(explained ^ self.kinds.keys())}")

    def sums(self, name, *labels):
        """The values of a metric, added up by some of its labels."""
        found = collections.Counter()
        for (sample, all_labels), value in self.samples.items():
            if sample == name:
                known = dict(all_labels)
                found[tuple(known[label] for label in labels)] += value
        return found

    def total(self, name):
        return sum(self.sums(name).values())

    def growing(self):
        """The samples that must never shrink."""
        return {
            key: value
            for key, value in self.samples.items()
            if key[0].endswith("_total") or self.kinds.get(re.sub("_(bucket|sum|count)$", "", key[0])) == "histogram"
        }


def play(lab):
    count = lab.size("requests", _CONNECTIONS)
    plan = lab.routed_plan()
    lab.use_controller()
    lab.build(plan)
    lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=[_GATHERED_SERVER_PORT])
    lab.later(lab.servers.close)
    lab.install()
    lab.configure(
        plan.configuration(
            services=[
                plan.service(handOff="relay"),
                plan.service("gathered", _GATHERED_PORT, server_port=_GATHERED_SERVER_PORT, granularity="buckets"),
            ],
            settings={"seed": secrets.token_hex(8), **_SETTINGS},
        )
    )
    lab.await_service()
    addresses = load.Addresses(lab.network)
    before = Metrics(lab)

    served = {}
    for service, port in (("web", 80), ("gathered", _GATHERED_PORT)):
        reads = []
        lab.step(f"{count} connections to {service}, {_CONCURRENCY} at a time; the metrics are read meanwhile")
        outcome = load.run(
            lab.network, addresses, [[lab.vip, port]], _CONCURRENCY, count=count, meanwhile=lambda: reads.append(Metrics(lab))
        )
        if outcome.failed or outcome.done != count:
            raise Broken(f"{outcome.failed} of {count} connections to {service} failed: {outcome.errors[:1]}")
        served[service] = outcome.servers
        before = _grown(before, *reads, Metrics(lab))
    truth = {}

    def agrees():
        nonlocal before
        truth.update(problem=_disagreement(lab, plan, _grown(before, Metrics(lab))))
        return not truth["problem"]

    try:
        wait_until("the metrics agree with what the kernels counted", agrees, _POLLED_SECONDS, pause=1)
    except Broken:
        raise Broken(truth["problem"]) from None
    after = _grown(before, Metrics(lab))
    _judge_connections(plan, after, served)
    _judge_punts(lab, after)
    _judge_registry(lab, after)
    _report(lab, plan, after)


def _grown(former, *later):
    """The last of some readings; raises Broken where a counter went back on the way."""
    for next_one in later:
        shrunk = [(key, value) for key, value in former.growing().items() if next_one.samples.get(key, -1) < value]
        if shrunk:
            (name, labels), value = shrunk[0]
            raise Broken(f"{name}{dict(labels)} went back from {value} to {next_one.samples.get((name, labels))}")
        former = next_one
    return former


def _disagreement(lab, plan, metrics):
    """What does not agree with the kernels, in words; None if all does."""
    received_packets = metrics.sums("ilb_server_received_packets_total", "server")
    received_bytes = metrics.sums("ilb_server_received_bytes_total", "server")
    sent_packets = metrics.sums("ilb_server_sent_packets_total", "server")
    sent_bytes = metrics.sums("ilb_server_sent_bytes_total", "server")
    for server in plan.servers:
        kernel = _kernel(lab, server)
        # The kernel counts what it sends again as sent or not, as the case may be.
        for way, packets, octets, segments, again, frames, frame_bytes in (
            ("received", received_packets, received_bytes, kernel["InSegs"], 0, kernel["rx"], kernel["rxBytes"]),
            ("sent", sent_packets, sent_bytes, kernel["OutSegs"], kernel["RetransSegs"], kernel["tx"], kernel["txBytes"]),
        ):
            said = _of(packets, server)
            if not segments <= said <= segments + again:
                return f"{server.name} {way} {segments} segments, and {again} of them again; the metrics say {said:.0f}"
            others = frames - segments
            said = _of(octets, server)
            if not frame_bytes - others * _LARGEST_OTHER <= said <= frame_bytes:
                return f"{server.name} {way} {frame_bytes} bytes, {others} frames of others among them; the metrics say {said:.0f}"
    by_ilb = metrics.sums("ilb_member_received_packets_total", "ilb")
    if sum(by_ilb.values()) != sum(received_packets.values()):
        return f"ILBs received {sum(by_ilb.values()):.0f} packets, and servers got {sum(received_packets.values()):.0f} of them"
    router = _router(lab, plan)
    for switch in plan.ilbs:
        said, passed = by_ilb[(str(switch.ilb_id),)], router[switch.name]
        # ARP goes the same way; nothing else does.
        if not passed - 100 <= said <= passed:
            return f"the router sent {passed} frames to {switch.name}, whose metrics say {said:.0f} packets"
    return None


def _of(sums, server):
    return sum(value for (end,), value in sums.items() if end.rpartition(":")[0] == server.ip)


def _kernel(lab, host):
    """What a host's kernel has counted: TCP segments, and frames and bytes of its interfaces."""
    text = lab.network.run(host, "cat", "/proc/net/snmp", "/proc/net/dev")
    names, values = (line.split()[1:] for line in text.splitlines() if line.startswith("Tcp:"))
    counted = {name: int(value) for name, value in zip(names, values)}
    for name, columns in _interfaces(text):
        if name != "lo":
            for key, column in (("rxBytes", 0), ("rx", 1), ("txBytes", 8), ("tx", 9)):
                counted[key] = counted.get(key, 0) + columns[column]
    return counted


def _interfaces(text):
    for line in text.splitlines():
        found = re.match(r"\s*([^\s:]+):((?:\s+\d+){16})\s*$", line)
        if found:
            yield found[1], [int(word) for word in found[2].split()]


def _router(lab, plan):
    """How many frames ILBs' uplinks got from the router, by ILB: what its switch's port 1 received."""
    found = {}
    for switch in plan.ilbs:
        text = lab.session.openvswitch.ofctl("dump-ports", lab.network.bridge(switch), "1")
        found[switch.name] = int(re.search(r"rx pkts=(\d+)", text)[1])
    return found


def _judge_connections(plan, metrics, served):
    opened = metrics.sums("ilb_server_connections_opened_total", "service", "server")
    for server in plan.servers:
        for service, outcome in served.items():
            said = sum(value for (name, end), value in opened.items() if name == service and end.startswith(f"{server.ip}:"))
            done = outcome[server.name]
            # Those that waited for the first answer came before; nobody sees connections in buckets begin.
            if service == "web" and not done <= said <= done + 3 * len(plan.clients):
                raise Broken(f"{server.name} served {done} connections of web; the metrics say {said:.0f}")
            if service == "gathered" and said:
                raise Broken(f"the metrics say {said:.0f} connections of buckets, which have no rules of their own")
    packets = metrics.sums("ilb_server_received_packets_total", "service", "server")
    for server in plan.servers:
        for service, outcome in served.items():
            said = sum(value for (name, end), value in packets.items() if name == service and end.startswith(f"{server.ip}:"))
            if said < 4 * outcome[server.name]:
                raise Broken(f"{outcome[server.name]} connections of {service} to {server.name} in {said:.0f} packets")


def _judge_punts(lab, metrics):
    events = {event: value for (event,), value in metrics.sums("ilb_events_total", "event").items()}
    for level in ("service", "member"):
        said = metrics.total(f"ilb_{level}_packet_ins_total")
        if said != events["packet-ins"]:
            raise Broken(f"{events['packet-ins']:.0f} packet-ins in all, {said:.0f} by {level}")
    for name, event in (("ilb_member_hand_offs_total", "hand-offs"), ("ilb_member_decision_seconds_count", "released")):
        if metrics.total(name) != events[event]:
            raise Broken(f"{event} are {events[event]:.0f}, {name} adds up to {metrics.total(name):.0f}")
    if not metrics.total("ilb_member_hand_offs_total"):
        raise Broken("no ILB handed anything off, so nothing was relayed")
    if metrics.total("ilb_store_write_seconds_count") < events["connections"]:
        raise Broken("the store confirmed fewer associations than there were connections")


def _judge_registry(lab, metrics):
    name = "ilb.ilb_view_members.value"
    found = {entry["name"]: entry["metric"] for entry in lab.onos.core.get("metrics")["metrics"]}
    if name not in found:
        raise Broken(f"ONOS's registry of metrics has no {name}; it has {len(found)} others")
    said = float(found[name]["value"])
    if said != metrics.total("ilb_view_members"):
        raise Broken(f"ONOS's registry says {said} for {name}")


def _report(lab, plan, metrics):
    lab.console.table(
        "what the metrics say",
        ("server", "connections opened", "packets", "bytes", "packets back", "bytes back"),
        [
            (
                server.name,
                *(
                    f"{_of(metrics.sums(f'ilb_server_{name}_total', 'server'), server):.0f}"
                    for name in ("connections_opened", "received_packets", "received_bytes", "sent_packets", "sent_bytes")
                ),
            )
            for server in plan.servers
        ],
    )
    decisions = metrics.total("ilb_member_decision_seconds_count")
    lab.figures.update(
        packets=int(metrics.total("ilb_server_received_packets_total")),
        bytes=int(metrics.total("ilb_server_received_bytes_total")),
        handOffs=int(metrics.total("ilb_member_hand_offs_total")),
        meanDecisionMillis=round(1000 * metrics.total("ilb_member_decision_seconds_sum") / max(1, decisions), 2),
        metrics=len(metrics.kinds),
        samples=len(metrics.samples),
    )
