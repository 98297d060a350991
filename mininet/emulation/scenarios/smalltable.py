"""Flow tables far smaller than the number of open connections are enough: no ILB has more exact rules than it may, the busy
connections keep theirs, the idle ones cost a few packet-ins when they speak, and none breaks; not even when all idle ones end
at once.

ONOS asks switches for their counts every 5 s, so the application sees no sooner whether a rule is used. Who comes up
when the table is full therefore gets a rule only after a few segments within such a time, and goes without until then.

Broken on purpose, by giving everyone a rule at once: 2783 rules were evicted for 234 new connections, where 1177 are allowed.
"""

import secrets
import time

from emulation import observe, topology
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

_IDLE = 2000
_BUSY = 100
_RULES = 150
_IDLE_INTERVAL = 40
_WATCH = 44
# What a frame of an idle connection may cost: itself, the acknowledgement of its answer, and one more.
_MOST_PER_FRAME = 3


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, settings={"maxRules": _RULES})
    idle = lab.traffic(
        "lasting", port=topology.LASTING_PORT, count=_IDLE, interval=_IDLE_INTERVAL, ramp=160, spread=True, patience=20
    )
    lab.step(f"{_IDLE} connections that speak every {_IDLE_INTERVAL} s; each of the {len(plan.ilbs)} ILBs may have {_RULES} rules")
    wait_until("every connection stands", lambda: idle.progress()[0] >= _IDLE, 60)
    crowd = Crowd(lab, connections=_BUSY, rate=5)
    counted = lab.onos.ilb.counters()
    most = 0
    for _ in range(_WATCH // 2):
        crowd.watch(2)
        counts = _rules(lab)
        most = max(most, *counts.values())
    counts = lab.onos.ilb.counters()
    evicted = counts["evicted"] - counted["evicted"]
    new = counts["syns"] - counted["syns"]
    packet_ins = counts["packet-ins"] - counted["packet-ins"]
    known = len(lab.onos.ilb.connections())
    lab.step(f"{known} associations, at most {most} rules on an ILB; {packet_ins} packet-ins in {_WATCH} s")
    figures = crowd.end()
    # All of them end at once: more segments within a second or two than all tables have rules.
    idle.stop()
    counts = _settled(lab, counts)
    records = idle.records()
    broken = [record for record in records if record["error"]]
    lab.broken += broken
    # Each idle connection's first frame was exchanged before the counting began.
    spoken = sum(record["frames"] for record in records) - _IDLE
    due = _MOST_PER_FRAME * spoken + 2 * new
    evicted_due = spoken // 4 + 2 * new
    failed, dropped = (counts[name] - counted[name] for name in ("rules-failed", "dropped-full"))
    lab.figures.update(
        openConnections=known,
        mostRules=most,
        allowedRules=_RULES,
        packetIns=packet_ins,
        packetInsAllowed=due,
        evicted=evicted,
        evictedAllowed=evicted_due,
        rulesFailed=failed,
        droppedFull=dropped,
        broken=figures["broken"] + len(broken),
        idleFrames=spoken,
    )
    if broken:
        raise Broken(f"{len(broken)} of {_IDLE} idle connections broke: {broken[0]['error']}")
    if most > _RULES:
        raise Broken(f"an ILB had {most} exact rules; {_RULES} are allowed")
    if known < _IDLE + _BUSY:
        raise Broken(f"only {known} associations are known of {_IDLE + _BUSY} open connections")
    if packet_ins > due:
        raise Broken(
            f"{packet_ins} packet-ins are more than the {due} that idle and new connections may cost: the busy lose their rules"
        )
    if evicted > evicted_due:
        raise Broken(f"{evicted} rules were evicted for {new} new connections: those that seldom speak take rules from others")
    if failed > _BUSY // 10 or dropped > _BUSY // 10:
        raise Broken(f"{failed} rules failed and {dropped} segments were dropped: switches are asked for more than they can do")


def _settled(lab, before):
    """The counters when nothing comes up any more; what is asked of a switch in vain fails within such a time."""
    for _ in range(10):
        time.sleep(3)
        counts = lab.onos.ilb.counters()
        if counts["packet-ins"] == before["packet-ins"]:
            break
        before = counts
    return counts


def _rules(lab):
    counts = {switch.name: 0 for switch in lab.plan.ilbs}
    for names in observe.exact_rules(lab.network, lab.vip).values():
        for name in names:
            counts[name] += 1
    return counts
