"""With affinity all connections of a client go to one server, whichever ILBs own them: while any of them lives and until the timeout
after the last one, and no longer. A server that takes no new connections is let go at once, and nobody else is moved.
"""

import collections
import time

from emulation.servers import SLOW_BYTES
from emulation.trouble import Broken
from emulation.waiting import wait_until

_REQUESTS = 12
_TIMEOUT = 3
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

    before = _bound(lab)
    left = before[others[0].name]
    _configure(lab, without=left)
    after = _bound(lab)
    moved = {client for client in before if before[client] != after[client]}
    expected = {client for client in before if before[client] == left}
    lab.figures.update(clients=len(before), changedAfterPauses=len(changed), moved=len(moved))
    lab.step(f"{left} takes no new connections: {sorted(moved)} were given others")
    if moved != expected:
        raise Broken(f"{sorted(expected)} had {left}, and {sorted(moved)} were given another server")


def _connected(lab, clients):
    """Whether any of some clients has an association."""
    addresses = {client.ip for client in clients}
    return any(address in addresses for address, _ in lab.onos.ilb.associations())


def _configure(lab, without=None):
    weights = [0 if server.name == without else 1 for server in lab.plan.servers]
    lab.configure(
        lab.plan.configuration(services=[lab.plan.service(weights=weights, affinity=_TIMEOUT)], settings=_SETTINGS)
    )


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
