"""Web traffic through one virtual IP is balanced by OpenFlow switches: no request fails, owners and backups are
the oracle's, servers get their weighted shares, and each connection costs one rule and one packet-in.

Two thousand HTTP requests, each on a new connection, from all clients, on the routed network.
"""

import collections
import secrets

from emulation import observe, oracle, topology
from emulation.capture import Captures
from emulation.console import percent
from emulation.onos import end
from emulation.traffic import percentile
from emulation.trouble import Broken, Trouble

WEIGHTS = (3, 2, 2, 1)
# One packet-in sets a connection up; what a slow machine adds by retransmission stays under this.
MOST_SETUP_PACKET_INS = 1.1
# Every connection has a port of its own, below those that the kernel chooses from for others.
_FIRST_PORT = 10000
_MOST_PER_CLIENT = 22000


def play(lab):
    requests = lab.size("requests", 2000)
    if requests > _MOST_PER_CLIENT * lab.size("clients", 4):
        raise Trouble(f"{requests} requests are more than the clients have ports; {_MOST_PER_CLIENT} each is the most")
    plan = lab.routed_plan()
    weights = [WEIGHTS[index % len(WEIGHTS)] for index in range(len(plan.servers))]
    seed = secrets.token_hex(8)
    # The associations are read when the last connection has ended: the first must not be forgotten by then.
    lab.bring_up(plan, weights=weights, settings={"seed": seed, "linger": 600})

    captures = Captures(lab.network, [*plan.clients, *plan.servers])
    rules = observe.RuleSampler(lab.network, lab.vip)
    punts_before = observe.setup_punts(lab.network, lab.vip)
    lab.step(f"{requests} HTTP requests to http://{lab.vip}/, each on a new connection, from {len(plan.clients)} clients")
    traffic = lab.traffic("requests", count=requests, concurrency=4, firstPort=_FIRST_PORT)
    records = traffic.wait(
        180, each=lambda done, failed: lab.step(f"  {done:5} of {requests} requests done, {failed} failed")
    )
    lab.step("reading what switches, application and hosts say about them")
    receivers = rules.stop()
    flows = captures.stop()
    punts = observe.setup_punts(lab.network, lab.vip) - punts_before
    associations = lab.onos.ilb.associations()

    connections = [_Connection(record, receivers, associations) for record in records]
    _show(lab, plan, weights, connections, punts)
    _judge(lab, plan, weights, connections, flows, punts, int(seed, 16))


class _Connection:
    """One request's connection: what the client saw, which ILBs had its rule, and what the application says."""

    def __init__(self, record, receivers, associations):
        self.record = record
        self.error = record["error"]
        self.client = (record.get("source"), record.get("sourcePort"))
        self.server = record["server"]
        self.receivers = sorted(receivers.get(self.client, ()))
        self.association = associations.get(self.client)

    @property
    def owner(self):
        return self.association and str(self.association["owner"])

    @property
    def backup(self):
        backup = self.association and self.association["backup"]
        return None if backup is None else str(backup)


def _show(lab, plan, weights, connections, punts):
    """The tables, and the figures that go into the result."""
    total = len(connections)
    name_of = {str(switch.ilb_id): switch.name for switch in plan.ilbs}
    received = collections.Counter(name for connection in connections for name in connection.receivers)
    owned = collections.Counter(connection.owner for connection in connections)
    backed = collections.Counter(connection.backup for connection in connections)
    both = collections.Counter((connection.owner, connection.backup) for connection in connections)
    served = collections.Counter(connection.server for connection in connections)
    failed = [connection for connection in connections if connection.error]
    latencies = [connection.record["seconds"] for connection in connections if not connection.error]

    lab.console.table(
        "which ILB received, owned and backed up",
        ("ILB", "id", "received", "owned", "share", "backed up", "share"),
        [
            (
                name,
                ilb,
                received[name],
                owned[ilb],
                percent(owned[ilb], total),
                backed[ilb],
                percent(backed[ilb], total),
            )
            for ilb, name in name_of.items()
        ],
    )
    lab.console.table(
        "who backs up whose connections (owner down, backup across)",
        ("owner", *name_of.values()),
        [(name, *(both[ilb, other] or "-" for other in name_of)) for ilb, name in name_of.items()],
    )
    lab.console.table(
        "which server served",
        ("server", "address", "weight", "requests", "share", "its weight's share"),
        [
            (
                server.name,
                f"{server.ip}:{topology.SERVER_PORT}",
                weight,
                served[server.name],
                percent(served[server.name], total),
                percent(weight, sum(weights)),
            )
            for server, weight in zip(plan.servers, weights)
        ],
    )
    elsewhere = sum(
        1 for each in connections if each.receivers and each.owner and name_of[each.owner] not in each.receivers
    )
    rule_counts = collections.Counter(len(each.receivers) for each in connections)
    lab.figures.update(
        requests=total,
        failed=len(failed),
        received=dict(received),
        owned={name_of.get(ilb, str(ilb)): count for ilb, count in owned.items()},
        backedUp={name_of.get(ilb, str(ilb)): count for ilb, count in backed.items()},
        served={str(name): count for name, count in served.items()},
        receivedElsewhere=elsewhere,
        rulesPerConnection={str(count): number for count, number in sorted(rule_counts.items())},
        setupPacketIns=punts,
        setupPacketInsPerConnection=round(punts / total, 3),
        latencyMillis={
            name: round(1000 * percentile(latencies, fraction), 1) if latencies else None
            for name, fraction in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
        },
    )
    millis = lab.figures["latencyMillis"]
    lab.console.line()
    lab.console.line(f"requests                          {total}, failed {len(failed)}")
    lab.console.line(f"received by another than the owner {elsewhere} ({percent(elsewhere, total)})")
    lab.console.line(f"set-up packet-ins per connection  {punts / total:.3f}")
    lab.console.line(f"exact rules per connection        {_spread(rule_counts)}")
    lab.console.line(f"latency, milliseconds             p50 {millis['p50']}, p95 {millis['p95']}, p99 {millis['p99']}")
    lab.console.line()


def _spread(counts):
    return ", ".join(f"{count} for {number}" for count, number in sorted(counts.items()))


def _judge(lab, plan, weights, connections, flows, punts, seed):
    """Each promise of the scenario, in the order in which a reader would ask."""
    total = len(connections)
    failed = [each for each in connections if each.error]
    if failed:
        raise Broken(f"{len(failed)} of {total} requests failed, the first of them: {failed[0].error}")
    _judge_election(lab, plan, connections, seed)
    name_of = {str(switch.ilb_id): switch.name for switch in plan.ilbs}

    wrong = [each for each in connections if len(each.receivers) != 1]
    if wrong:
        raise Broken(f"{len(wrong)} connections have not exactly one rule, e.g. {wrong[0].client} on {wrong[0].receivers}")
    elsewhere = sum(name_of[each.owner] != each.receivers[0] for each in connections)
    ideal = 1 - 1 / len(plan.ilbs)
    # Five standard deviations of a fair draw: chance does not exceed them in a lifetime of runs.
    allowed = 5 * (ideal * (1 - ideal) / total) ** 0.5
    if abs(elsewhere / total - ideal) > allowed:
        raise Broken(f"{percent(elsewhere, total)} were received by another than their owner, not about {ideal:.0%}")

    served = collections.Counter(each.server for each in connections)
    for server, weight in zip(plan.servers, weights):
        due = total * weight / sum(weights)
        if abs(served[server.name] - due) > max(0.02 * total, 4):
            raise Broken(f"{server.name} served {served[server.name]} requests; its weight makes {due:.0f}")

    if punts > MOST_SETUP_PACKET_INS * total:
        raise Broken(f"{punts / total:.2f} set-up packet-ins per connection are more than {MOST_SETUP_PACKET_INS}")
    _judge_addresses(lab, plan, connections, flows)


def _judge_election(lab, plan, connections, seed):
    ids = [str(switch.ilb_id) for switch in plan.ilbs]
    for each in connections:
        if not each.association:
            raise Broken(f"the application knows no association of the connection from {each.client}")
        expected = oracle.elect("CRC32_MIXED", seed, ids, 80, lab.vip, each.client[1], each.client[0])
        if (each.owner, each.backup) != expected:
            raise Broken(f"owner and backup of {each.client} are {each.owner}, {each.backup}; the oracle says {expected}")
        server = end(each.association["server"])[0]
        if plan.host(each.server).ip != server:
            raise Broken(f"{each.client} was served by {each.server}, its association says {server}")


def _judge_addresses(lab, plan, connections, flows):
    """From captures: servers see clients' own addresses, clients see nobody but the virtual IP."""
    server_ips = {server.ip for server in plan.servers}
    for each in connections:
        record = each.record
        if (record["seenClient"], record["seenPort"]) != each.client:
            raise Broken(f"{each.server} saw {record['seenClient']}:{record['seenPort']} instead of {each.client}")
        if (*each.client, record["serverAddress"], topology.SERVER_PORT) not in flows[each.server]:
            raise Broken(f"the capture on {each.server} lacks the connection from {each.client}")
    for client in plan.clients:
        strangers = {flow[0] for flow in flows[client.name]} - {client.ip, lab.vip}
        if strangers:
            raise Broken(f"{client.name} saw segments from {sorted(strangers)[0]}, not only from {lab.vip}")
        if server_ips & {flow[2] for flow in flows[client.name]}:
            raise Broken(f"{client.name} sent to a server's own address")
