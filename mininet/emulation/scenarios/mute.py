"""An ILB's ID messages are blocked while its control channel lives and traffic still enters through it: it is out, the
segments that it goes on sending up are handed to the owners, and no connection breaks; heard again, it is in again.
"""

import secrets
import time

from emulation import ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_APPLICATION = "org.ilb.test.mute"
_ID_MESSAGE = "0x88b5"
_SETTLE = 4
# Five messages missed, one every 200 ms; the rest is for a machine with other things to do.
_DETECTION = 3.0


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    muted = plan.ilbs[1]
    rest = [switch for switch in plan.ilbs if switch is not muted]
    lab.later(lambda: lab.onos.remove_flows_of(_APPLICATION))
    counted = lab.onos.ilb.counters()
    crowd.mark()

    since = time.monotonic()
    _block(lab, muted)
    detection = ownership.await_members(lab, rest, 20, since)
    lab.step(f"the ID messages of {muted.name} are blocked; it is out after {1000 * detection:.0f} ms")
    crowd.watch(_SETTLE)
    without = ownership.await_oracle(lab, seed)
    ownership.judge_moves(lab, before, without, muted)
    # Half of the router's choices now are an ILB that is out.
    lab.network.set_next_hops([(switch.ilb_id, 3 if switch is muted else 1) for switch in plan.ilbs])
    crowd.watch(_SETTLE)
    handed = lab.onos.ilb.counters()["hand-offs"] - counted["hand-offs"]

    since = time.monotonic()
    lab.onos.remove_flows_of(_APPLICATION)
    returned = ownership.await_members(lab, plan.ilbs, 30, since)
    lab.step(f"{muted.name} may be heard again; it is in after {1000 * returned:.0f} ms")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    ownership.judge_moves(lab, without, after, muted, joined=True)
    lab.figures.update(
        detectionMillis=round(1000 * detection), returnMillis=round(1000 * returned), handOffs=handed,
        viewChanges=after.view - before.view,
    )
    crowd.end()
    if detection > _DETECTION:
        raise Broken(f"{muted.name} was out after {detection:.1f} s only; {_DETECTION:g} s are allowed")


def _block(lab, muted):
    """Drops the ID messages of one ILB on all other switches; ONOS itself keeps the rules, so nothing removes them."""
    mac = "02:49:" + ":".join(f"{int(part):02x}" for part in str(muted.ilb_id).split("."))
    for switch in lab.plan.switches:
        if switch is not muted:
            selector = [{"type": "ETH_TYPE", "ethType": _ID_MESSAGE}, {"type": "ETH_SRC", "mac": mac}]
            lab.onos.add_flow(switch.device, _APPLICATION, 50000, selector, [])
