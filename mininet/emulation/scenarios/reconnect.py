"""A switch that loses all its flows and its controller in the middle of transfers gets everything back: the transfers
complete, byte by byte, and new connections are served.

First an ILB that carries transfers, then a leaf switch that is none.
"""

import collections
import time

from emulation import observe
from emulation.servers import SLOW_BYTES
from emulation.trouble import Broken
from emulation.waiting import wait_until

_PARALLEL = 8
_LASTS = 25
_CUT_SECONDS = 3


def play(lab):
    plan = lab.routed_plan()
    lab.bring_up(plan)
    size = _LASTS * SLOW_BYTES
    digest = lab.servers.file("long", size)
    lab.step(f"{_PARALLEL} transfers of {size >> 20} MB that take {_LASTS} s")
    traffic = lab.traffic("download", parallel=_PARALLEL, path="/slow/long", timeout=60)
    time.sleep(3)
    carried = collections.Counter(
        name for names in observe.exact_rules(lab.network, lab.vip).values() for name in names
    )
    if not carried:
        raise Broken("no ILB has a rule of any transfer")
    ilb = plan.switch(carried.most_common(1)[0][0])
    restored = {}
    for switch in (ilb, plan.leaves[0]):
        restored[switch.name] = _cut(lab, switch)
    records = traffic.wait(180, period=5, each=lambda done, failed: lab.step(f"  {done} of {_PARALLEL} transfers complete"))
    failed = [record for record in records if record["error"] or record["sha256"] != digest]
    later = lab.traffic("requests", count=100, concurrency=2).wait(60)
    later_failed = [record for record in later if record["error"]]
    lab.figures.update(
        transfers=len(records),
        failed=len(failed),
        secondsUntilRestored=restored,
        longestStallSeconds=round(max(record["longestStall"] for record in records), 1),
        requestsAfterwards=len(later),
        failedAfterwards=len(later_failed),
    )
    lab.console.table(
        "transfers",
        ("client", "MB", "seconds", "longest stall", "contents"),
        [
            (
                record["client"],
                record["bytes"] >> 20,
                f"{record['seconds']:.1f}",
                f"{record['longestStall']:.1f}",
                record["error"] or "equal",
            )
            for record in records
        ],
    )
    lab.console.line()
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} transfers broke: {failed[0]['error'] or 'other contents'}")
    if later_failed:
        raise Broken(f"{len(later_failed)} of {len(later)} requests failed afterwards: {later_failed[0]['error']}")


def _cut(lab, switch):
    """Takes a switch its controller and its flows for a while; returns how long its rules then took to come back."""
    before = len(lab.network.flows(switch))
    lab.step(f"{switch.name} loses its controller and its {before} flows")
    lab.network.disconnect_switch(switch)
    lab.session.openvswitch.ofctl("del-flows", lab.network.bridge(switch))
    time.sleep(_CUT_SECONDS)
    begin = time.monotonic()
    lab.network.connect_switch(switch, lab.controller.openflow)
    # The service's own rules: on an ILB its punt, on a leaf the rules that translate replies.
    wait_until(
        f"{switch.name} has the service's rules again",
        lambda: any(lab.vip in str(flow.match) + flow.actions for flow in lab.network.flows(switch)),
        30,
    )
    seconds = round(time.monotonic() - begin, 1)
    lab.step(f"{switch.name} is back; it has the service's rules after {seconds} s")
    return seconds
