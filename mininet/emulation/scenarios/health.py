"""Servers are checked through their own switches, by HTTP, by TCP and by ARP, and each check sees what it is there to see: a
server's program that ends, and its cable that is pulled. Who is down gets no new connection and none fails; the clients of its
living connections are told by resets, nobody else's connection is touched; and who comes back serves again.
"""

import collections
import secrets
import time

from emulation import topology
from emulation.scenarios import dsr
from emulation.servers import Servers
from emulation.trouble import Broken
from emulation.waiting import wait_until

# Quick, because scenarios cannot wait; the machine may be slow, so answers have nearly the whole interval.
CHECK = {"interval": 400, "timeout": 380, "rise": 2, "fall": 2}
# Nobody listens there: only ARP finds these servers up.
_SILENT_PORT, _SILENT_SERVER_PORT = 82, 9100
# There servers hold the virtual address themselves.
_OWN_PORT = 83
# What nginx serves, and the rest.
_WEB, _OTHERS = ("web", "own"), ("lasting", "silent")
_CONNECTIONS = 60
_REQUESTS = 60
# A client speaks every half second, and its unanswered segments are sent again after 0.2 s, 0.6 s, 1.4 s.
_TOLD_WITHIN = 4


def play(lab):
    plan = lab.routed_plan(clients=2, ilbs=2)
    seed = secrets.token_hex(8)

    def service(kind, *arguments, **fields):
        return plan.service(*arguments, health={"kind": kind, **CHECK}, **fields)

    lab.use_controller()
    lab.build(plan)
    for server in plan.servers:
        dsr.hold(lab, server, lab.vip)
    lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=(_OWN_PORT,))
    lab.later(lab.servers.close)
    lab.start_lasting_servers()
    lab.install()
    lab.configure(
        plan.configuration(
            services=[
                service("http"),
                service("tcp", "lasting", topology.LASTING_PORT, server_port=topology.LASTING_SERVER_PORT),
                service("arp", "silent", _SILENT_PORT, server_port=_SILENT_SERVER_PORT),
                service("http", "own", _OWN_PORT, server_port=_OWN_PORT, **{"return": "dsr"}),
            ],
            settings={"seed": seed},
        )
    )
    everyone = {server.ip for server in plan.servers}
    for name in (*_WEB, *_OTHERS):
        await_states(lab, name, up=everyone)
    lab.step("all servers are up, by HTTP, by TCP and by ARP")
    lab.await_service()
    crowd = lab.traffic("lasting", port=topology.LASTING_PORT, count=_CONNECTIONS, interval=0.5, ramp=60, patience=5)
    wait_until("every lasting connection stands", lambda: crowd.progress()[0] >= _CONNECTIONS, 30)

    _program_ends(lab, plan.servers[0], everyone)
    if crowd.progress()[1]:
        raise Broken(f"{crowd.progress()[1]} lasting connections broke although their servers are up")
    cut = plan.servers[1]
    pulled = _cable_is_pulled(lab, cut, everyone, crowd)
    crowd.stop()
    records = crowd.records()
    _judge(lab, records, cut, pulled)


def await_states(lab, service, up=(), down=(), seconds=15):
    """Waits until a service's servers have been found up and down, by their addresses; returns how long that took."""
    since = time.monotonic()

    def there():
        states = {server["address"]: server["health"]["state"] for server in lab.onos.ilb.service(service)["servers"]}
        return all(states[each] == "up" for each in up) and all(states[each] == "down" for each in down)

    wait_until(f"{len(up)} servers of {service} are up and {len(down)} down", there, seconds, pause=0.05)
    return time.monotonic() - since


def requests(lab, count=_REQUESTS):
    """New connections: how many each server got; raises Broken where one failed."""
    records = lab.traffic("requests", count=count, concurrency=2).wait(60)
    failed = [record for record in records if record["error"]]
    if failed:
        raise Broken(f"{len(failed)} of {count} new connections failed: {failed[0]['error']}")
    return collections.Counter(record["server"] for record in records)


def _program_ends(lab, server, everyone):
    lab.servers.stop(server)
    seconds = max(await_states(lab, name, up=everyone - {server.ip}, down=[server.ip]) for name in _WEB)
    reason = next(each for each in lab.onos.ilb.service("web")["servers"] if each["address"] == server.ip)["health"]["reason"]
    shares = requests(lab)
    lab.step(f"{server.name}'s web server ended: down after {1000 * seconds:.0f} ms ({reason}); requests went {dict(sorted(shares.items()))}")
    if shares[server.name]:
        raise Broken(f"{server.name} is down and got {shares[server.name]} new connections")
    for other in _OTHERS:
        await_states(lab, other, up=everyone, seconds=1)
    lab.servers.start(server)
    seconds_back = max(await_states(lab, name, up=everyone) for name in _WEB)
    shares = requests(lab)
    lab.step(f"it runs again: up after {1000 * seconds_back:.0f} ms; requests went {dict(sorted(shares.items()))}")
    if not shares[server.name]:
        raise Broken(f"{server.name} is up again and gets no new connections")
    # Up at first; then down, and up again.
    expected = {each.ip: 3 if each is server else 1 for each in lab.plan.servers}
    web = next(each for each in lab.onos.ilb.statistics()["services"] if each["name"] == "web")
    counted = {each["server"].rpartition(":")[0]: each["healthTransitions"] for each in web["servers"]}
    if counted != expected:
        raise Broken(f"health changed so often, by server: {counted}; it did {expected}")
    lab.figures.update(programSecondsUntilDown=round(seconds, 2), programSecondsUntilUp=round(seconds_back, 2))


def _cable_is_pulled(lab, server, everyone, crowd):
    """Returns when the cable was pulled, once those that talk to the server have been told."""
    switch, port = lab.plan.attachment(server.name)
    living = lab.lasting_servers.sockets(server)
    pulled = time.time()
    lab.network.set_link(switch, port, up=False)
    seconds = max(await_states(lab, name, up=everyone - {server.ip}, down=[server.ip]) for name in (*_WEB, *_OTHERS))
    shares = requests(lab)
    wait_until(f"all {living} clients of {server.name} are told", lambda: crowd.progress()[1] >= living, _TOLD_WITHIN + 2)
    connections = next(
        each["connections"] for each in lab.onos.ilb.service("lasting")["servers"] if each["address"] == server.ip
    )
    lab.step(
        f"{server.name}'s cable was pulled: down after {1000 * seconds:.0f} ms; requests went {dict(sorted(shares.items()))}; "
        f"{living} clients were told"
    )
    if shares[server.name] or connections:
        raise Broken(f"{server.name} is down and has {connections} associations and {shares[server.name]} new connections")
    lab.network.set_link(switch, port, up=True)
    back = max(await_states(lab, name, up=everyone) for name in (*_WEB, *_OTHERS))
    shares = requests(lab)
    lab.step(f"it is plugged in again: up after {1000 * back:.0f} ms; requests went {dict(sorted(shares.items()))}")
    if not shares[server.name]:
        raise Broken(f"{server.name} is up again and gets no new connections")
    lab.figures.update(cableSecondsUntilDown=round(seconds, 2), cableSecondsUntilUp=round(back, 2), told=living)
    return pulled


def _judge(lab, records, cut, pulled):
    broken = [record for record in records if record["error"]]
    others = [record for record in broken if record["server"] != cut.name]
    untold = [record for record in broken if record["server"] == cut.name and "reset" not in record["error"].lower()]
    latest = max((record["brokenAt"] - pulled for record in broken if "brokenAt" in record), default=0)
    lab.figures.update(connections=len(records), reset=len(broken), secondsUntilTheLastWasTold=round(latest, 2))
    lab.step(f"{len(broken)} of {len(records)} connections were reset, the last {latest:.1f} s after the cable was pulled")
    if others:
        raise Broken(f"{len(others)} connections of other servers broke: {others[0]['server']}: {others[0]['error']}")
    if untold:
        raise Broken(f"{len(untold)} clients of {cut.name} were not told by a reset: {untold[0]['error']}")
    if not broken or latest > 2 * CHECK["interval"] / 1000 * CHECK["fall"] + _TOLD_WITHIN:
        raise Broken(f"the last client was told after {latest:.1f} s, {len(broken)} in all")
