"""Ports are reused within a second: each new connection of a port works, those of one port are spread over the servers as
new connections are, and after a server was drained none of them gets it again. So it is where thousands of rules make switches
slow to follow their changes, and a client picks its ports itself.
"""

import collections
import secrets
import time

from emulation import topology
from emulation.trouble import Broken

_PORTS = range(20000, 20040)
_ROUNDS = 6
_PAUSE = 0.3
# Of few clients, so many that they come upon ports whose last connection is still remembered.
_BUSY = 6000
_BUSY_CLIENTS = 2


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    before = _rounds(lab, "each port makes")
    drained = plan.servers[0]
    weights = [0, *[1] * (len(plan.servers) - 1)]
    lab.configure(plan.lasting_configuration(seed, weights=weights))
    # What the ports did last must have ended in the application's eyes, too.
    time.sleep(1)
    lab.step(f"{drained.name} takes no new connections")
    after = _rounds(lab, "each port again makes")
    records = before + after
    broken = [record for record in records if record["error"]]
    lab.broken += broken
    shares = collections.Counter(record["server"] for record in before if not record["error"])
    kept = sum(len(servers) == 1 for servers in _servers(before).values())
    to_drained = sum(record["server"] == drained.name for record in after)
    lab.figures.update(
        connections=len(records),
        broken=len(broken),
        serversBefore=dict(shares),
        portsOfOneServer=kept,
        toDrainedServer=to_drained,
    )
    lab.step(f"servers before: {dict(sorted(shares.items()))}; after, {to_drained} to {drained.name}")
    if broken:
        first = broken[0]
        raise Broken(
            f"{len(broken)} of {len(records)} connections broke, the first of them from port {first['sourcePort']} in round "
            f"{first['round'] + 1}: {first['error']}"
        )
    if kept > len(_PORTS) // 10:
        raise Broken(f"{kept} of {len(_PORTS)} ports got the same server in all {_ROUNDS} rounds: they are not new connections")
    if to_drained:
        raise Broken(f"{to_drained} new connections went to {drained.name}, which takes none")
    _busy(lab)


def _busy(lab):
    """A segment of a new connection must not go to the server of the one before because a switch is slow."""
    before = lab.onos.ilb.counters()["reused"]
    records = lab.traffic("requests", clients=lab.plan.clients[:_BUSY_CLIENTS], count=_BUSY, concurrency=8).wait(150)
    reused = lab.onos.ilb.counters()["reused"] - before
    failed = [record for record in records if record["error"]]
    lab.broken += failed
    lab.figures.update(busyConnections=len(records), busyReused=reused, busyFailed=len(failed))
    lab.step(f"{len(records)} connections of {_BUSY_CLIENTS} clients one after the other reused {reused} ports; {len(failed)} failed")
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} connections failed, the first from port {failed[0]['sourcePort']}: {failed[0]['error']}")
    if not reused:
        raise Broken(f"none of {len(records)} connections reused a port")


def _rounds(lab, who):
    lab.step(f"{who} {_ROUNDS} connections, {_PAUSE} s after the end of the one before")
    traffic = lab.traffic(
        "reuse",
        clients=lab.plan.clients[:1],
        port=topology.LASTING_PORT,
        ports=list(_PORTS),
        rounds=_ROUNDS,
        pause=_PAUSE,
    )
    return traffic.wait(90)


def _servers(records):
    found = collections.defaultdict(set)
    for record in records:
        if not record["error"]:
            found[record["sourcePort"]].add(record["server"])
    return found
