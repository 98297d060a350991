"""When no server of a pool answers any more the backups serve, in their place and at once, for single connections as for
buckets; when there are none, clients are refused rather than left waiting; and when the servers are back, they serve again.
A service whose only server does not exist is refused likewise.
"""

import secrets
import time

from emulation.scenarios.health import CHECK, await_states
from emulation.servers import Servers
from emulation.trouble import Broken

_SERVICES = {"web": 80, "bulk": 81}
_LOST, _NOBODY = "lost", "10.0.0.99"
_PORTS = {**_SERVICES, _LOST: 82}
_BULK_SERVER_PORT = 8081
_REQUESTS = 40
# A SYN that nobody answers is sent again after a second: who is refused sooner was told.
_AT_ONCE = 0.9
# A single connection asks whose it is; buckets have rules at every switch, which are changed.
_RULES_FOLLOW = 0.5
_QUICK_MOVES = {"moveSynAfter": 0, "movePinAfter": 0, "count": 16, "moving": 16}


def play(lab):
    plan = lab.routed_plan(clients=2, ilbs=2)
    seed = secrets.token_hex(8)
    pool, sorry = plan.servers[:-1], plan.servers[-1]

    def configuration(backups):
        common = {"servers": pool, "health": {"kind": "http", **CHECK}}

        def service(*arguments, server_port=8080, **fields):
            extra = [{"address": sorry.ip, "port": server_port, "location": plan.location(sorry.name), "mac": sorry.mac}]
            return plan.service(*arguments, server_port=server_port, **common, **({"backups": extra} if backups else {}), **fields)

        services = [
            service(),
            service("bulk", 81, server_port=_BULK_SERVER_PORT, granularity="buckets", buckets=_QUICK_MOVES),
        ]
        lost = plan.service(_LOST, _PORTS[_LOST], health={"kind": "http", **CHECK})
        services.append({**lost, "servers": [{"address": _NOBODY, "port": 8080}]})
        return plan.configuration(services=services, settings={"seed": seed, "associationIdle": 5})

    lab.use_controller()
    lab.build(plan)
    lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=(_BULK_SERVER_PORT,))
    lab.later(lab.servers.close)
    lab.install()
    lab.configure(configuration(backups=True))
    everyone = {server.ip for server in pool}
    for name in _SERVICES:
        await_states(lab, name, up=everyone)
    lab.await_service()
    for name in _SERVICES:
        _served_by(lab, name, {server.name for server in pool}, "while all is well")
    await_states(lab, _LOST, down={_NOBODY})
    slowest = _refused(lab, _LOST)
    lab.step(f"a service whose only server does not exist refuses within {1000 * slowest:.0f} ms")

    for server in pool:
        lab.servers.stop(server)
    seconds = max(await_states(lab, name, down=everyone) for name in _SERVICES)
    _served_by(lab, "web", {sorry.name}, "by the backup alone")
    time.sleep(_RULES_FOLLOW)
    _served_by(lab, "bulk", {sorry.name}, "by the backup alone")
    lab.step(f"every server of the pool ended and was down after {1000 * seconds:.0f} ms: {sorry.name} serves")

    before = lab.onos.ilb.counters()["no-server"]
    lab.configure(configuration(backups=False))
    slowest = max(_refused(lab, name) for name in _SERVICES)
    counted = lab.onos.ilb.counters()["no-server"] - before
    lab.step(f"without a backup clients are refused within {1000 * slowest:.0f} ms; {counted} counted")
    if counted < 2 * _REQUESTS:
        raise Broken(f"{2 * _REQUESTS} SYNs found no server and {counted} were counted")

    for server in pool:
        lab.servers.start(server)
    back = max(await_states(lab, name, up=everyone) for name in _SERVICES)
    time.sleep(_RULES_FOLLOW)
    for name in _SERVICES:
        _served_by(lab, name, {server.name for server in pool}, "when the servers are back")
    lab.step(f"the servers run again: up after {1000 * back:.0f} ms, and they serve")
    lab.figures.update(secondsUntilDown=round(seconds, 2), secondsUntilRefused=round(slowest, 2), secondsUntilUp=round(back, 2))


def _served_by(lab, name, servers, when):
    records = lab.traffic("requests", port=_SERVICES[name], count=_REQUESTS, concurrency=2).wait(60)
    failed = [record for record in records if record["error"]]
    strangers = {record["server"] for record in records if not record["error"]} - servers
    if failed:
        raise Broken(f"{len(failed)} of {_REQUESTS} requests to {name} failed {when}: {failed[0]['error']}")
    if strangers:
        raise Broken(f"{sorted(strangers)} got requests to {name} {when}")


def _refused(lab, name):
    # A SYN of a moment ago may still be on its way.
    time.sleep(0.5)
    records = lab.traffic("requests", port=_PORTS[name], count=_REQUESTS, concurrency=2, timeout=5).wait(60)
    wrong = [record for record in records if "refused" not in (record["error"] or "").lower()]
    if wrong:
        raise Broken(f"{len(wrong)} of {_REQUESTS} requests to {name} were not refused: {wrong[0]['error'] or wrong[0]['server']}")
    slowest = max(record["seconds"] for record in records)
    if slowest > _AT_ONCE:
        raise Broken(f"a client of {name} was refused after {slowest:.1f} s only")
    return slowest
