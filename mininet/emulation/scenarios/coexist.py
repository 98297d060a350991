"""A service and ordinary traffic share the switches: hosts ping and talk TCP by a forwarding application while the
service is balanced, and who comes from a `direct` prefix reaches a server's own address untranslated.

On the flat network, where clients, ordinary hosts and servers sit on the same switches.
"""

from emulation import topology
from emulation.capture import Captures
from emulation.servers import Servers
from emulation.topology import SERVER_PORT
from emulation.trouble import Broken
from emulation.waiting import wait_until

_DIRECT = "10.0.2.0/24"
_PINGS = 20


def play(lab):
    requests = lab.size("requests", 600)
    plan = topology.flat(lab.size("clients", 4), lab.size("ilbs", 3), lab.size("servers", 3), ordinary=2)
    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    lab.install_forwarding()
    lab.install()
    lab.configure(plan.configuration(services=[plan.service(direct=[_DIRECT])]))
    lab.await_service()
    first, second = plan.role("ordinary")
    ordinary = Servers(lab.network, lab.directory / "ordinary", hosts=[second])
    lab.later(ordinary.close)
    wait_until(f"{first.name} reaches {second.name}", lambda: lab.pings(first, second, 2) > 0, 30)

    captures = Captures(lab.network, [first, *plan.clients])
    lab.step(f"{requests} requests to the service; meanwhile pings and TCP between {first.name} and {second.name}")
    service = lab.traffic("requests", count=requests, concurrency=2)
    between = lab.traffic("requests", clients=[first], host=second.ip, port=SERVER_PORT, count=100, concurrency=2)
    answered = lab.pings(first, second, _PINGS)
    lab.step(f"{first.name} asks each server by its own address")
    direct = {
        server.name: lab.answers(first, host=server.ip, port=SERVER_PORT, timeout=10) for server in plan.servers
    }
    records = service.wait(120, each=lambda done, failed: lab.step(f"  {done} of {requests} requests, {failed} failed"))
    ordinary_records = between.wait(60)
    flows = captures.stop()

    failed = [record for record in records if record["error"]]
    ordinary_failed = [record for record in ordinary_records if record["error"]]
    lab.figures.update(
        requests=len(records),
        failed=len(failed),
        ordinaryRequests=len(ordinary_records),
        ordinaryFailed=len(ordinary_failed),
        pings=_PINGS,
        pingsAnswered=answered,
        direct={name: bool(record) for name, record in direct.items()},
    )
    lab.console.table(
        "side by side",
        ("traffic", "tried", "failed"),
        [
            ("requests to the service", len(records), len(failed)),
            ("TCP between ordinary hosts", len(ordinary_records), len(ordinary_failed)),
            ("pings between ordinary hosts", _PINGS, _PINGS - answered),
            ("requests to servers' own addresses", len(direct), sum(not record for record in direct.values())),
        ],
    )
    lab.console.line()
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} requests to the service failed: {failed[0]['error']}")
    if ordinary_failed:
        raise Broken(f"{len(ordinary_failed)} requests between ordinary hosts failed: {ordinary_failed[0]['error']}")
    if answered < _PINGS:
        raise Broken(f"{_PINGS - answered} of {_PINGS} pings between ordinary hosts were lost")
    _judge_direct(lab, first, direct, flows[first.name])
    for client in plan.clients:
        strangers = {flow[0] for flow in flows[client.name] if flow[2] == client.ip} - {lab.vip}
        if strangers:
            raise Broken(f"{client.name} was answered by {sorted(strangers)[0]}, not only by {lab.vip}")


def _judge_direct(lab, host, answers, flows):
    for server in lab.plan.servers:
        record = answers[server.name]
        if not record:
            raise Broken(f"{host.name} got no answer from {server.name}'s own address")
        if (record["server"], record["seenClient"]) != (server.name, host.ip):
            raise Broken(f"{host.name} asked {server.name} and was answered by {record['server']} as {record['seenClient']}")
        if (server.ip, SERVER_PORT, host.ip, record["sourcePort"]) not in flows:
            raise Broken(f"{host.name} saw no segment from {server.name}'s own address")
    if any(flow[0] == lab.vip for flow in flows):
        raise Broken(f"{host.name} saw answers from {lab.vip}, although its prefix is direct")
