"""The only controller is killed and started again: the switches go on forwarding meanwhile, every association is there
again with its server, every rule is put back before ONOS takes away what it does not know, and no connection breaks.
"""

import secrets
import time

from emulation import observe, ownership
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

# Its own controller, which it kills; no other scenario shall feel that.
EMBEDDED_ONLY = True
# ONOS removes the rules that it does not know within three polls of 5 s.
_SETTLE = 16
# A SYN that finds no controller is sent again after 1, 3, 7, 15 and 31 s.
_PATIENCE = 65


def play(lab):
    plan = lab.routed_plan()
    seed = secrets.token_hex(8)
    lab.bring_up_lasting(plan, seed, controller=lab.session.new_controller())
    crowd = Crowd(lab, rate=4, patience=_PATIENCE)
    time.sleep(2)
    before = ownership.await_oracle(lab, seed)
    rules = len(observe.exact_rules(lab.network, lab.vip))
    crowd.mark()
    since = time.monotonic()
    lab.controller.stop(kill=True)
    lab.step("the controller is killed")
    lab.controller.start()
    lab.step(f"the controller is up again after {time.monotonic() - since:.1f} s")
    lab.await_switches()
    wait_until(
        "every association from before is there again",
        lambda: before.connections.keys() <= lab.onos.ilb.connections().keys(),
        30,
    )
    back = time.monotonic() - since
    lab.step(f"all {len(before.connections)} associations are there again after {back:.1f} s")
    crowd.watch(_SETTLE)
    after = ownership.await_oracle(lab, seed)
    strangers = after.other_servers_than(before)
    lab.figures.update(
        secondsUntilBack=round(back, 1),
        associationsBefore=len(before.connections),
        rulesBefore=rules,
        rulesAfter=len(observe.exact_rules(lab.network, lab.vip)),
        otherServers=len(strangers),
        packetInsSinceRestart=lab.onos.ilb.counters()["packet-ins"],
    )
    crowd.end()
    if strangers:
        raise Broken(f"{len(strangers)} connections have another server than before the restart")
