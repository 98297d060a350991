"""A switch comes back with empty flow tables: its ILB joins the view, gets the connections that it wins and no others,
and no connection breaks when the router uses it again.
"""

import secrets
import time

from emulation import ownership
from emulation.crowd import Crowd

_SETTLE = 6


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    newcomer = plan.ilbs[-1]
    lab.network.kill_switch(newcomer)
    ownership.await_members(lab, plan.ilbs[:-1], 15)
    lab.step(f"{newcomer.name} is dead and out")
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    counted = lab.onos.ilb.counters()
    crowd.mark()
    since = time.monotonic()
    lab.network.revive_switch(newcomer, lab.controller.openflow)
    joined = ownership.await_members(lab, plan.ilbs, 30, since)
    lab.step(f"{newcomer.name} starts again, empty; it is in after {1000 * joined:.0f} ms")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    lab.figures.update(
        detectionMillis=round(1000 * joined),
        packetInsMeanwhile=lab.onos.ilb.counters()["packet-ins"] - counted["packet-ins"],
    )
    ownership.judge_moves(lab, before, after, newcomer, joined=True)
    crowd.end()
