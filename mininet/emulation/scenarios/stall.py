"""The only controller stands still for five seconds: nobody leaves the view, no connection breaks, and connections that
came meanwhile are set up when it goes on.
"""

import secrets
import time

from emulation import ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

# Its own controller, which it stops and continues; no other scenario shall feel that.
EMBEDDED_ONLY = True
_STALL = 5
_SETTLE = 5


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    crowd.mark()
    lab.controller.pause()
    lab.step(f"the controller stands still for {_STALL} s")
    try:
        time.sleep(_STALL)
    finally:
        lab.controller.resume()
    lab.step("the controller goes on")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    moved = after.moved_since(before)
    lab.figures.update(viewChanges=after.view - before.view, moved=len(moved))
    crowd.end()
    if after.view != before.view or moved:
        raise Broken(
            f"the controller stood still, the ILBs did not; yet the view went from {before.view} to {after.view} and "
            f"{len(moved)} associations moved"
        )
