"""A switch that carries connections is killed: its ILB is out of the view at once, its connections go on through the
others, and no other connection changes its owner or backup.

Five hundred connections carry data both ways and new ones arrive throughout; the upstream router spreads the dead switch's
share, and part of the others', over the switches that are left.
"""

import secrets
import time

from emulation import observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_SETTLE = 6
# The switch's connection to the controller ends with it, so nothing needs to be waited for.
_DETECTION = 2.0


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    leaver = plan.ilbs[0]
    carried = sum(leaver.name in names for names in observe.exact_rules(lab.network, lab.vip).values())
    counted = lab.onos.ilb.counters()
    crowd.mark()
    lab.step(f"{leaver.name}, which carries {carried} connections and is owner or backup of "
             f"{len(before.concerning(leaver))}, is killed")
    since = time.monotonic()
    lab.network.kill_switch(leaver)
    rest = [switch for switch in plan.ilbs if switch is not leaver]
    detection = ownership.await_members(lab, rest, 15, since)
    lab.step(f"{leaver.name} is out after {1000 * detection:.0f} ms")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    lab.figures.update(
        carried=carried,
        detectionMillis=round(1000 * detection),
        packetInsMeanwhile=lab.onos.ilb.counters()["packet-ins"] - counted["packet-ins"],
    )
    ownership.judge_moves(lab, before, after, leaver)
    crowd.end()
    if detection > _DETECTION:
        raise Broken(f"{leaver.name} was out after {detection:.1f} s only; its switch was gone at once")
