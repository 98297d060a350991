"""Relay hand-off: segments that enter through an ILB which does not own their connection cross the fabric to the owner,
whose rule rewrites them. An ILB leaves and joins, the mode changes to direct and back, with a cache and without, and no
connection breaks.

Without a cache an ILB that is neither owner nor backup relays every connection to its owner (claim 15); with one it
may forward what it has learnt (claims 12 to 14). After a view change rules that name the server may stay, but none may relay
to another than the owner.
"""

import secrets
import time

from emulation import observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

_SETTLE = 3


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    without_cache = {"cacheSize": 0}
    lab.bring_up_lasting(plan, seed, settings=without_cache, handOff="relay")
    crowd = Crowd(lab)
    relays = {"without a cache": _await_relays(lab, "without a cache", strict=True)}

    mover = plan.ilbs[0]
    before = ownership.await_oracle(lab, seed)
    crowd.mark()
    since = time.monotonic()
    lab.network.kill_switch(mover)
    detection = ownership.await_members(lab, plan.ilbs[1:], 15, since)
    lab.step(f"{mover.name}, to which others relayed, is killed and out after {1000 * detection:.0f} ms")
    crowd.watch(_SETTLE)
    without = ownership.await_oracle(lab, seed)
    ownership.judge_moves(lab, before, without, mover)
    relays["after the leave"] = _await_relays(lab, "after the leave", but=mover)
    lab.network.revive_switch(mover, lab.controller.openflow)
    joined = ownership.await_members(lab, plan.ilbs, 30)
    lab.step(f"{mover.name} is back and in after {1000 * joined:.0f} ms")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    ownership.judge_moves(lab, without, after, mover, joined=True)
    relays["after the join"] = _await_relays(lab, "after the join")

    for name, settings, hand_off in (
        ("direct", without_cache, "direct"),
        ("with a cache", {}, "relay"),
    ):
        lab.configure(plan.lasting_configuration(seed, settings, handOff=hand_off))
        lab.network.set_next_hops([switch.ilb_id for switch in plan.ilbs][:: -1 if hand_off == "direct" else 1])
        crowd.watch(_SETTLE)
        if hand_off == "direct":
            # However long it takes on a busy machine: a rule that is still to be repointed is, one that was forgotten is not.
            wait_until("no rule relays any more", lambda: not _relays(lab), 20)
        relays[name] = _relays(lab)
        lab.step(f"hand-off is {hand_off}, {name}: {relays[name]} rules relay")
    lab.figures.update(detectionMillis=round(1000 * detection), relays=relays)
    crowd.end()
    if not relays["without a cache"]:
        raise Broken("not one rule relays a connection to its owner")
    if relays["direct"]:
        raise Broken(f"{relays['direct']} rules relay still, although hand-off is direct")


def _relays(lab, but=None):
    """How many rules relay."""
    rules = observe.connection_rules(lab.network, lab.vip, but)
    return sum(observe.relayed_to(flow) is not None for _, _, flow in rules)


def _await_relays(lab, when, but=None, strict=False):
    """Waits until no rule relays to another than the owner, and, if `strict`, whoever neither owns nor backs up relays;
    returns how many rules relay.
    """
    wrong = []

    def right():
        nonlocal wrong
        owners = ownership.Ownership(lab)
        wrong = list(_wrong(lab, owners, but, strict))
        return not wrong

    try:
        wait_until("every rule forwards or relays as it should", right, 15, pause=1)
    except Broken:
        name, connection, target, places = wrong[0]
        does = f"relays to {target}" if target else "sends to the server"
        raise Broken(
            f"{when}, {len(wrong)} rules are not what they should be: on {name} that of {connection[0]} {does}; "
            f"its owner and backup are {places}"
        ) from None
    count = _relays(lab, but)
    lab.step(f"{when}: {count} rules relay connections to their owners")
    return count


def _wrong(lab, owners, but, strict):
    ids = {switch.name: str(switch.ilb_id) for switch in lab.plan.ilbs}
    for switch, connection, flow in observe.connection_rules(lab.network, lab.vip, but):
        if connection not in owners.connections:
            continue  # it came or went between the two looks
        places = owners.places(connection)
        target = observe.relayed_to(flow)
        lazy = strict and target is None and ids[switch.name] not in places
        if lazy or target not in (None, places[0]):
            yield switch.name, connection, target, places
