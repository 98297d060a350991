"""A switch dies and comes back again and again: its ILB is held down, so that the others are not kept busy by it, and no
connection breaks; when it has become steady it is in.
"""

import secrets
import time

from emulation import ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_FLAPS = 5
_DOWN = 1.0
_UP = 2.5
# Out and in once before it is known to flap, out once more and in at the end.
_MOST_VIEW_CHANGES = 4


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    flapping = plan.ilbs[2]
    crowd.mark()
    for number in range(_FLAPS):
        lab.network.kill_switch(flapping)
        crowd.watch(_DOWN)
        lab.network.revive_switch(flapping, lab.controller.openflow)
        crowd.watch(_UP)
        now = lab.onos.ilb.view()
        state = "in" if flapping.ilb_id in map(str, now["members"]) else "out"
        lab.step(f"{flapping.name} died and came back {number + 1} times; it is {state}, view {now['number']}")
    returned = ownership.await_members(lab, plan.ilbs, 60)
    lab.step(f"{flapping.name} is in {returned:.1f} s after the last return")
    crowd.watch(3)
    after = ownership.await_oracle(lab, seed)
    changes = after.view - before.view
    lab.figures.update(flaps=_FLAPS, viewChanges=changes, secondsHeldDown=round(returned + _UP, 1))
    ownership.judge_moves(lab, before, after, flapping)
    crowd.end()
    if changes > _MOST_VIEW_CHANGES:
        raise Broken(f"the view changed {changes} times while {flapping.name} flapped {_FLAPS} times")
