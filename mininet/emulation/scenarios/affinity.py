"""With affinity all connections of a client go to one server, whichever ILBs own them: while any of them lives and until the timeout
after the last one, and no longer. A server that takes no new connections, or is dead, is let go at once, and nobody else is moved.
"""

import collections
import time

from emulation.servers import SLOW_BYTES
from emulation.trouble import Broken
from emulation.waiting import wait_until

_REQUESTS = 12
_TIMEOUT = 3
_LONG_TIMEOUT = 600
_HEALTH = {"kind": "tcp", "interval": 1000, "timeout": 1000, "rise": 1, "fall": 2}
_SETTINGS = {"linger": 1}
_ROUNDS = 2
# How long the patient client's download takes, unless it is ended before.
_LASTS = 60


def play(lab):
    plan = lab.routed_plan(clients=6)
    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    lab.install()
    _configure(lab)
    lab.await_service()
    lab.servers.file("long", _LASTS * SLOW_BYTES)

    bound = _bound(lab)
    lab.step(f"{_REQUESTS} connections of each client, all to one server: {bound}")
    if len(set(bound.values())) < 2:
        raise Broken(f"all clients were given {set(bound.values())}")

    patient, others = plan.clients[0], plan.clients[1:]
    download = lab.traffic("download", clients=[patient], path="/slow/long", timeout=60)
    rounds = collections.defaultdict(set)
    for _ in range(_ROUNDS):
        # Switches say every 5 s what was used, and until then nobody knows that nothing follows a connection's end.
        wait_until("the others' connections have ended", lambda: not _connected(lab, others), 30)
        time.sleep(_TIMEOUT + 0.5)
        for client, server in _bound(lab, requests=3).items():
            rounds[client].add(server)
    if not download.running:
        raise Broken(f"the download broke: {download.records()[0]['error'] or 'it ended early'}")
    download.stop(force=True)
    if rounds[patient.name] != {bound[patient.name]}:
        raise Broken(f"{patient.name}, whose connection to {bound[patient.name]} lives, was given {sorted(rounds[patient.name])}")
    changed = [client.name for client in others if len(rounds[client.name] | {bound[client.name]}) > 1]
    lab.step(f"of {len(others)} clients that paused for {_TIMEOUT} s {len(changed)} were given another server; {patient.name} was not")
    if not changed:
        raise Broken(f"no client was ever given another server, although the timeout of {_TIMEOUT} s had passed {_ROUNDS} times")

    # From here on nobody is forgotten.
    _configure(lab, timeout=_LONG_TIMEOUT)
    before = _bound(lab)
    left = before[others[0].name]
    _configure(lab, timeout=_LONG_TIMEOUT, without=left)
    after = _bound(lab)
    weighed = _judge_moves(before, after, left)
    dead = lab.plan.host(after[patient.name])
    lab.servers.stop(dead)
    wait_until(f"{dead.name} is down", lambda: _health(lab)[dead.ip] == "down", 30)
    last = _bound(lab)
    died = _judge_moves(after, last, dead.name)
    lab.step(f"{left} takes no new connections: {sorted(weighed)} were given others; {dead.name} died: {sorted(died)} were")
    lab.figures.update(clients=len(before), changedAfterPauses=len(changed), moved=len(weighed), movedFromTheDead=len(died))


def _judge_moves(before, after, left):
    """The clients that had a server which takes no new connections; Broken if others, or not all of them, were given another."""
    expected = {client for client in before if before[client] == left}
    moved = {client for client in before if before[client] != after[client]}
    if moved != expected:
        raise Broken(f"{sorted(expected)} had {left}, and {sorted(moved)} were given another server")
    return moved


def _health(lab):
    """The state of each server, by its address."""
    return {server["address"]: server["health"]["state"] for server in lab.onos.ilb.service("web")["servers"]}


def _connected(lab, clients):
    """Whether any of some clients has an association."""
    addresses = {client.ip for client in clients}
    return any(address in addresses for address, _ in lab.onos.ilb.associations())


def _configure(lab, timeout=_TIMEOUT, without=None):
    weights = [0 if server.name == without else 1 for server in lab.plan.servers]
    service = lab.plan.service(weights=weights, affinity=timeout, health=_HEALTH)
    lab.configure(lab.plan.configuration(services=[service], settings=_SETTINGS))
    # The rules stand as they did; the control thread tells the owners a moment later.
    time.sleep(0.5)


def _bound(lab, clients=None, requests=_REQUESTS):
    """The one server of each client; Broken where one has two."""
    clients = clients or lab.plan.clients
    records = lab.traffic("requests", clients=clients, count=requests * len(clients), concurrency=3).wait(60)
    servers = collections.defaultdict(set)
    for record in records:
        if record["error"]:
            raise Broken(f"a request of {record['client']} failed: {record['error']}")
        servers[record["client"]].add(record["server"])
    for client, used in servers.items():
        if len(used) > 1:
            raise Broken(f"{client} was given {sorted(used)} within the timeout")
    return {client: used.pop() for client, used in servers.items()}
