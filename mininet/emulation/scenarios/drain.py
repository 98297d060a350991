"""An ILB is taken out of service as the documentation says: drained, it owns nothing, yet what comes in by it is served by the
rules that stand there; then the router leaves it out; then its switch goes. Nothing breaks, and nothing moves but what it owned or
backed up.
"""

import secrets

from emulation import observe, ownership, topology
from emulation.crowd import Crowd
from emulation.trouble import Broken

_PAUSE = 3


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed)
    crowd = Crowd(lab)
    before = ownership.await_oracle(lab, seed)
    drained, rest = plan.ilbs[0], plan.ilbs[1:]
    # Others come and go.
    lasting = {client for client, service in before.connections if service == (plan.vip, topology.LASTING_PORT)}
    carried = lasting & _carried(lab, drained)

    configuration = plan.lasting_configuration(seed)
    configuration["ilbs"][0]["drain"] = True
    lab.onos.configure(configuration)
    seconds = ownership.await_members(lab, rest, 15)
    lab.step(f"{drained.name}, which carries {len(carried)} lasting connections, is drained: out of the view after {1000 * seconds:.0f} ms")
    crowd.watch(_PAUSE)
    after = ownership.await_oracle(lab, seed)
    ownership.judge_moves(lab, before, after, drained)
    gone = carried - _carried(lab, drained)
    if gone:
        raise Broken(f"{len(gone)} of {len(carried)} lasting connections lost their rule on {drained.name} by its being drained")

    lab.network.set_next_hops([switch.ilb_id for switch in rest])
    lab.step("the router sends nothing through it any more")
    crowd.watch(_PAUSE)
    lab.network.kill_switch(drained)
    lab.step("its switch is gone")
    crowd.watch(_PAUSE)
    end = ownership.await_oracle(lab, seed)
    moved = end.moved_since(after)
    lab.figures.update(carried=len(carried), movedByTheLoss=len(moved))
    crowd.end()
    if moved:
        raise Broken(f"{len(moved)} associations moved when the switch of an ILB went that owned nothing any more")


def _carried(lab, switch):
    """The connections that have a rule on a switch, by the client's end."""
    return {client for client, names in observe.exact_rules(lab.network, lab.vip).items() if switch.name in names}
