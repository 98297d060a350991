"""Clients and servers may share one network: clients are found by their ARP for the virtual address, reach an ILB even
where their own switch is none, and are answered straight from the servers' switches.

On the flat network, where only every second switch is an ILB and nothing is said of where servers are.
"""

import dataclasses
import types

from emulation import topology
from emulation.capture import Captures
from emulation.trouble import Broken

_PINGS = 3


def play(lab):
    requests = lab.size("requests", 400)
    plan = _half(topology.flat(lab.size("clients", 4), lab.size("ilbs", 4), lab.size("servers", 4), ordinary=0))
    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    lab.install()
    service = plan.service()
    for server in service["servers"]:
        del server["mac"], server["location"]
    lab.configure(plan.configuration(services=[service]), seconds=40)
    lab.await_service()

    answered = [lab.pings(client, types.SimpleNamespace(ip=lab.vip), _PINGS) for client in plan.clients]
    if min(answered) < _PINGS:
        raise Broken(f"of {_PINGS} pings of the virtual address by each client {answered} were answered")

    captures = Captures(lab.network, plan.clients)
    lab.step(f"{requests} requests, half of the clients at switches that are no ILBs")
    records = lab.traffic("requests", count=requests, concurrency=2).wait(120)
    flows = captures.stop()
    failed = [record for record in records if record["error"]]
    slowest = max((record["seconds"] for record in records if not record["error"]), default=0)
    lab.figures.update(requests=len(records), failed=len(failed), slowestMillis=round(1000 * slowest))
    lab.console.line(f"requests                {len(records)}, failed {len(failed)}, slowest {1000 * slowest:.0f} ms")
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} requests failed: {failed[0]['error']}")
    for client in plan.clients:
        strangers = {flow[0] for flow in flows[client.name] if flow[2] == client.ip} - {lab.vip}
        if strangers:
            raise Broken(f"{client.name} was answered by {sorted(strangers)[0]}, not only by {lab.vip}")


def _half(plan):
    """The plan with every second switch no ILB."""
    switches = tuple(
        dataclasses.replace(switch, ilb_id=None) if index % 2 else switch for index, switch in enumerate(plan.switches)
    )
    return dataclasses.replace(plan, switches=switches)
