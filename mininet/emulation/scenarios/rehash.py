"""The upstream router spreads connections over the ILBs anew, again and again, while every ILB stays in: no connection
breaks, and none changes its owner.

Five hundred connections carry data both ways while the router's next hops change their number, order and weights, so
that segments of most connections enter through ILBs that never saw them.
"""

import secrets

from emulation import observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken

_PAUSE = 3


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    hops = [switch.ilb_id for switch in plan.ilbs]
    carried = _carriers(lab)
    elsewhere = []
    for name, following in (
        ("one next hop less", hops[1:]),
        ("all of them, in reverse order", hops[::-1]),
        ("weights 7 to 1", [(hop, 7 if index % 2 else 1) for index, hop in enumerate(hops)]),
        ("only one", hops[-1:]),
        ("as in the beginning", hops),
    ):
        lab.network.set_next_hops(following)
        crowd.watch(_PAUSE)
        now = _carriers(lab)
        new = sum(bool(now[client] - carried.get(client, set())) for client in now.keys() & carried.keys())
        elsewhere.append(new)
        carried = {client: now[client] | carried.get(client, set()) for client in now}
        lab.step(f"the router's next hops: {name}; {new} connections have a rule on an ILB more")
    after = ownership.await_oracle(lab, seed)
    moved = after.moved_since(before)
    lab.figures.update(rehashed=elsewhere, moved=len(moved), viewChanges=after.view - before.view)
    crowd.end()
    if not sum(elsewhere):
        raise Broken("the router did not send a single connection to another ILB")
    if moved or after.view != before.view:
        raise Broken(f"{len(moved)} associations moved and the view went from {before.view} to {after.view}")


def _carriers(lab):
    """The ILBs that have a rule of each connection."""
    return {client: set(names) for client, names in observe.exact_rules(lab.network, lab.vip).items()}
