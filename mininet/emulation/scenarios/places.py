"""Nobody has to say where things are: servers are found by ARP and followed when they move, a router may have one MAC
on all its uplinks, switches may have one table, and transfers survive a lost link, a lost uplink and a moved server.

On the routed network, with one ILB and one leaf switch told to make do with one table.
"""

import dataclasses
import time

from emulation import topology
from emulation.servers import SLOW_BYTES
from emulation.trouble import Broken

_PARALLEL = 8
_LASTS = 18
_ROUTER_MAC = "02:00:00:fe:00:aa"
_MOVED_TO_PORT = 77


def play(lab):
    plan = _one_mac(topology.routed(lab.size("clients", 4), lab.size("ilbs", 4), 2, lab.size("servers", 4)))
    single = [plan.switch("ilb1").device, plan.switch("leaf1").device]
    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    lab.install()
    service = plan.service()
    for server in service["servers"]:
        del server["mac"], server["location"]
    lab.configure(plan.configuration(services=[service], settings={"singleTable": single}), seconds=40)
    lab.await_service()
    for switch in ("ilb1", "leaf1"):
        beyond = [flow for flow in lab.network.flows(plan.switch(switch)) if flow.table]
        if beyond:
            raise Broken(f"{switch} has {len(beyond)} rules beyond table 0")

    size = _LASTS * SLOW_BYTES
    digest = lab.servers.file("long", size)
    lab.step(f"{_PARALLEL} transfers of {size >> 20} MB that take {_LASTS} s")
    traffic = lab.traffic("download", parallel=_PARALLEL, path="/slow/long", timeout=60)
    time.sleep(3)
    lab.step("pulling the cable between ilb1 and leaf1")
    lab.network.set_link("ilb1", 2, up=False)
    time.sleep(4)
    lab.step("moving server1 from leaf1 to leaf2, cable and all")
    _move(lab, "leaf1", 1, "leaf2", _MOVED_TO_PORT)
    time.sleep(4)
    lab.step("pulling the cable between the router and ilb2")
    # At the router's end: Linux goes on using a next hop whose cable was pulled at the other.
    uplink = len(plan.clients) + 2
    lab.network.run("router", "ip", "link", "set", f"{lab.network.bridge('router')}-eth{uplink}", "down")
    records = traffic.wait(180, period=5, each=lambda done, failed: lab.step(f"  {done} of {_PARALLEL} transfers complete"))
    lab.step("200 requests on new connections")
    later = lab.traffic("requests", count=200, concurrency=2).wait(90)

    failed = [record for record in records if record["error"] or record["sha256"] != digest]
    later_failed = [record for record in later if record["error"]]
    served = sorted({record["server"] for record in later if record["server"]})
    lab.figures.update(
        transfers=len(records),
        failed=len(failed),
        longestStallSeconds=round(max(record["longestStall"] for record in records), 1),
        requestsAfterwards=len(later),
        failedAfterwards=len(later_failed),
        servedAfterwards=served,
    )
    lab.console.line(f"transfers                {len(records)}, failed {len(failed)}")
    lab.console.line(f"longest stall, seconds   {lab.figures['longestStallSeconds']}")
    lab.console.line(f"requests afterwards      {len(later)}, failed {len(later_failed)}, by {', '.join(served)}")
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} transfers failed: {failed[0]['error'] or 'other contents'}")
    if later_failed:
        raise Broken(f"{len(later_failed)} of {len(later)} requests failed afterwards: {later_failed[0]['error']}")
    if len(served) < len(plan.servers):
        raise Broken(f"only {', '.join(served)} served afterwards")


def _one_mac(plan):
    """The plan with one MAC on all interfaces of the router."""
    router = plan.host("router")
    same = tuple(dataclasses.replace(interface, mac=_ROUTER_MAC) for interface in router.interfaces)
    changed = dataclasses.replace(router, interfaces=same)
    return dataclasses.replace(plan, hosts=tuple(changed if host is router else host for host in plan.hosts))


def _move(lab, old, old_port, new, new_port):
    """Plugs what hangs on a port of one switch into another; the host notices nothing."""
    network = lab.network
    interface = f"{network.bridge(old)}-eth{old_port}"
    network.openvswitch.vsctl(
        "del-port", network.bridge(old), interface,
        "--", "add-port", network.bridge(new), interface,
        "--", "set", "interface", interface, f"ofport_request={new_port}",
    )  # fmt: skip
