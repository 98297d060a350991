"""Weights from 0 to 1000 change under load: new connections follow them at once, by every owner, and not one that lives is moved or
broken, those to a server of weight 0 among them.
"""

import collections
import secrets

from emulation.crowd import Crowd
from emulation.trouble import Broken

_CONNECTIONS = 200
_REQUESTS = 600
# Every connection has a port of its own; `reuse` is about the others.
_FIRST_PORT = 12000
_WEIGHTS = ([1, 1, 1, 1], [1000, 500, 250, 0], [0, 0, 3, 1], [1, 999, 0, 1000], [4, 3, 2, 1])


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab, connections=_CONNECTIONS, rate=0)
    living = _sockets(lab)
    rows, worst = [], 0
    for turn, weights in enumerate(_WEIGHTS):
        lab.configure(plan.lasting_configuration(seed, weights=weights))
        records = lab.traffic("requests", count=_REQUESTS, concurrency=4, firstPort=_FIRST_PORT + turn * _REQUESTS).wait(120)
        failed = [record for record in records if record["error"]]
        if failed:
            raise Broken(f"{len(failed)} of {_REQUESTS} requests failed: {failed[0]['error']}")
        counts = collections.Counter(record["server"] for record in records)
        got = [counts[server.name] for server in plan.servers]
        ideal = [_REQUESTS * weight / sum(weights) for weight in weights]
        rows.append((str(weights), *got))
        worst = max(worst, *(abs(one - other) for one, other in zip(got, ideal)))
        for server, count, share, weight in zip(plan.servers, got, ideal, weights):
            if not weight and count:
                raise Broken(f"{server.name} has weight 0 and got {count} new connections")
            # Each owner begins at a place of its own in the round, and has no share of the connections but what comes.
            if abs(count - share) > 0.02 * _REQUESTS:
                raise Broken(f"{server.name} got {count} of {_REQUESTS} connections; weight {weight} of {sum(weights)} makes {share:.0f}")
        now = _sockets(lab)
        if now != living:
            raise Broken(f"the servers had {living} of the lasting connections, and with weights {weights} {now}")
    lab.console.table("new connections by weights", ("weights", *(server.name for server in plan.servers)), rows)
    lab.figures.update(changes=len(_WEIGHTS), requests=_REQUESTS * len(_WEIGHTS), worstDeviation=round(worst, 1))
    crowd.end()


def _sockets(lab):
    return {server.name: lab.lasting_servers.sockets(server) for server in lab.plan.servers}
