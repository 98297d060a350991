"""Bounds of a controller's resources change while it serves: a value within its range is taken, one that is out of range is refused,
and the former one is what ONOS shows and what holds; no connection fails meanwhile.
"""

import time

from emulation import load
from emulation.trouble import Broken
from emulation.waiting import wait_until

_COMPONENT = "org.ilb.frontend.Tuning"
_CONNECTIONS = 400
_LOOKS_SECONDS = 2
# The smallest that there may be, and what follows must still work.
_TAKEN = {"storeInFlight": "1", "settingUp": "10", "queuedSegments": "100", "resetsPerSecond": "1"}
_REFUSED = {"storeInFlight": "129", "settingUp": "9", "queuedSegments": "-1", "resetsPerSecond": "2000000"}


def play(lab):
    lab.bring_up(lab.routed_plan())
    addresses = load.Addresses(lab.network)
    defaults = _shown(lab)
    if defaults.keys() != _TAKEN.keys():
        raise Broken(f"ONOS knows the properties {sorted(defaults)}")
    _tune(lab, _TAKEN, _TAKEN)
    lab.step("each bound is the smallest that there may be")
    _connect(lab, addresses)
    _tune(lab, _REFUSED, _TAKEN)
    lab.step("what is out of range is refused, and the former values are shown")
    _tune(lab, defaults, defaults)
    _connect(lab, addresses)
    lab.figures.update(properties=len(defaults))


def _shown(lab):
    return lab.onos.core.get(f"configuration/{_COMPONENT}")[_COMPONENT]


def _tune(lab, values, expected):
    lab.onos.core.call("POST", f"configuration/{_COMPONENT}", values)
    # ONOS takes and shows any; the application looks at them within a second.
    time.sleep(_LOOKS_SECONDS)
    try:
        wait_until("the properties are in force", lambda: _shown(lab) == expected, 10)
    except Broken:
        raise Broken(f"after {values} ONOS shows {_shown(lab)}, not {expected}") from None


def _connect(lab, addresses):
    outcome = load.run(lab.network, addresses, [[lab.vip, 80]], 8, count=_CONNECTIONS)
    if outcome.failed or outcome.done != _CONNECTIONS:
        raise Broken(f"{outcome.failed} of {_CONNECTIONS} connections failed: {outcome.errors[:1]}")
