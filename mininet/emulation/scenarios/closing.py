"""Clients close, half-close, reset, vanish, or knock and never come in: each connection works until its own end, half-closed
ones beyond the linger, and when all have ended every table of the application and of every switch is empty.

Ten thousand connections.
"""

import collections
import secrets
import time

from emulation import observe, topology
from emulation.trouble import Broken
from emulation.waiting import wait_until

_CONNECTIONS = 10000
_SPECIAL = 400
_KNOCKS = 100
_SETTINGS = {"linger": 2, "embryonic": 4, "ruleIdle": 6, "associationIdle": 6}
# A client that closed its half goes on receiving for so many quarters of a second, well beyond the linger.
_MORE = 16
_EMPTY_SECONDS = 60
# Every connection has a port of its own, below those that the kernel chooses from; `reuse` is about the others.
_SPECIAL_PORTS, _PLAIN_PORTS = 10000, 12000


def play(lab):
    connections = lab.size("requests", _CONNECTIONS)
    plan = lab.routed_plan()
    lab.bring_up_lasting(plan, secrets.token_hex(8), settings=_SETTINGS)
    closed = lab.onos.ilb.counters()["closed"]
    begin = time.monotonic()
    lab.step(f"{connections} connections that are closed or reset; {_SPECIAL} that half-close or vanish; {_KNOCKS} lone SYNs")
    special = lab.traffic(
        "endings",
        port=topology.LASTING_PORT,
        count=_SPECIAL,
        concurrency=10,
        ways=["half", "vanish"],
        more=_MORE,
        firstPort=_SPECIAL_PORTS,
    )
    knocks = lab.traffic(
        "knocks", clients=plan.clients[:1], port=topology.LASTING_PORT, source="10.1.1.200", ports=list(range(20000, 20000 + _KNOCKS))
    )
    plain = lab.traffic(
        "endings",
        port=topology.LASTING_PORT,
        count=connections - _SPECIAL,
        concurrency=8,
        ways=["close", "server", "reset", "close"],
        firstPort=_PLAIN_PORTS,
    )
    records = plain.wait(240, period=5, each=lambda done, failed: lab.step(f"  {done} connections ended, {failed} broke"))
    rate = len(records) / (time.monotonic() - begin)
    known = len(lab.onos.ilb.connections())
    records += special.wait(120)
    knocks.wait(60)
    lab.broken += [record for record in records if record["error"]]
    broken = collections.Counter(record["way"] for record in records if record["error"])
    since = time.monotonic()
    lab.step(f"all have ended, {rate:.0f} a second; {known} associations were left then")
    lab.figures.update(
        connections=len(records),
        broken=sum(broken.values()),
        brokenByWay=dict(broken),
        perSecond=round(rate),
        associationsWhenLastPlainOneEnded=known,
    )
    try:
        wait_until("every table is empty", lambda: not _left(lab), _EMPTY_SECONDS, pause=1)
    except Broken:
        left = {source for source, _ in lab.onos.ilb.connections()}
        lab.broken += [record for record in records if (record.get("source"), record.get("sourcePort")) in left]
        raise Broken(f"{_EMPTY_SECONDS} s after the last connection's end there are left: {_left(lab)}") from None
    lab.figures["secondsUntilEmpty"] = round(time.monotonic() - since, 1)
    lab.step(f"every table is empty {lab.figures['secondsUntilEmpty']} s later")
    if broken:
        first = next(record for record in records if record["error"])
        raise Broken(f"{sum(broken.values())} connections broke ({dict(broken)}), e.g. one to {first['way']}: {first['error']}")
    seen = lab.onos.ilb.counters()["closed"] - closed
    if seen < 0.98 * (len(records) - _SPECIAL):
        raise Broken(f"only {seen} of {len(records)} ends were seen; the other connections went because they were idle")


def _left(lab):
    """What there still is, in words; nothing where everything is empty."""
    left = {}
    ilbs = lab.onos.ilb.ilbs()
    for name in ("owned", "backedUp", "cached", "rules"):
        left[name] = sum(ilb[name] for ilb in ilbs)
    if any(left.values()):
        return left  # what follows costs everyone time while tables are full
    left["associations"] = len(lab.onos.ilb.connections())
    left["rules on switches"] = sum(map(len, observe.exact_rules(lab.network, lab.vip).values()))
    left["of these known to ONOS"] = sum(_is_exact(lab, flow) for switch in lab.plan.ilbs for flow in lab.onos.flows(switch.device))
    return {what: count for what, count in left.items() if count}


def _is_exact(lab, flow):
    criteria = {entry["type"]: entry for entry in flow["selector"]["criteria"]}
    return {"IPV4_SRC", "TCP_SRC"} <= criteria.keys() and criteria.get("IPV4_DST", {}).get("ip", "").startswith(lab.vip + "/")
