"""A wrong configuration is refused as a whole with a sentence that names the wrong field, by ONOS's interface and by the
application's own; the one in force stays, and traffic does not notice. A part is changed only by who may and has seen it.
"""

import copy
import json
import time

from emulation.onos import Refused, Rest
from emulation.trouble import Broken

_FEWEST = 25
# So that traffic has time to notice, if there were something to notice.
_PAUSE = 0.1


def play(lab):
    plan = lab.routed_plan(clients=2)
    lab.bring_up(plan)
    good = plan.configuration()
    in_force = lab.onos.configuration()
    traffic = lab.traffic("steady", rate=40, seconds=120)
    rows, problem = [], None
    for name, field, spoil in WRONG:
        answer = _try(lab, good, spoil)
        time.sleep(_PAUSE)
        rows.append((name, field, answer))
        if problem is None:
            problem = _judge(lab, name, field, answer, in_force) or _judge_own(lab, name, field, _spoilt(good, spoil), in_force)
    traffic.stop()
    records = traffic.records()
    failed = [record for record in records if record["error"]]
    lab.console.table("refused", ("what is wrong", "ONOS's answer"), [(name, answer or "TAKEN") for name, _, answer in rows])
    lab.console.line(f"\n{len(records)} requests meanwhile, {len(failed)} failed\n")
    lab.figures.update(
        configurations=len(rows),
        refused=sum(1 for _, field, answer in rows if answer and _names(answer, field)),
        answers={name: answer for name, _, answer in rows},
        requests=len(records),
        failed=len(failed),
    )
    if problem:
        raise Broken(problem)
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} requests failed meanwhile: {failed[0]['error']}")
    if len(rows) < _FEWEST or not records:
        raise Broken(f"only {len(rows)} configurations and {len(records)} requests were tried")
    # The good one is still taken, so it was not the refusals that kept traffic going.
    lab.configure(plan.configuration(weights=[2] * len(plan.servers)))
    lab.await_service()
    _judge_parts(lab, plan)


def _try(lab, good, spoil):
    """What ONOS says to a spoilt configuration, None where it takes it."""
    wrong = _spoilt(good, spoil)
    try:
        lab.onos.configure(wrong)
    except Refused as refused:
        return _sentence(refused.text)
    return None


def _spoilt(good, spoil):
    wrong = copy.deepcopy(good)
    replaced = spoil(wrong)
    return wrong if replaced is None else replaced


def _sentence(text):
    """The words of ONOS's error object, without those that every one of them begins with."""
    try:
        message = json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        return " ".join(text.split())
    words = "; ".join(map(str, message)) if isinstance(message, list) else str(message)
    return words.removeprefix("Error parsing config apps/org.ilb/ilb: ")


def _names(answer, field):
    """Whether an answer names a field, and not just a longer one that contains it."""
    return f'"{field}"' in answer or field == _WHOLE and answer.endswith(_WHOLE)


def _judge(lab, name, field, answer, in_force):
    if answer is None:
        return f"a configuration with a wrong field was taken: {name}"
    if not _names(answer, field):
        return f"the answer to a configuration ({name}) does not name {field}: {answer}"
    if lab.onos.configuration() != in_force:
        return f"the configuration in force changed although another was refused: {name}"
    return None


def _judge_own(lab, name, field, wrong, in_force):
    """The application's own interface refuses the same, and names the field as such."""
    try:
        _own(lab).call("PUT", "config", wrong)
    except Refused as refused:
        named = _problem(refused).get("field")
        if refused.status != 400 or named != field and field != _WHOLE:
            return f"the application's answer to a configuration ({name}) does not name {field}: {refused.text}"
        if lab.onos.configuration() != in_force:
            return f"the configuration in force changed although another was refused by the application: {name}"
        return None
    return f"a configuration with a wrong field was taken by the application: {name}"


def _judge_parts(lab, plan):
    """Parts are changed, but not by viewers, nor by who has seen another state."""
    service = plan.configuration()["services"][0]
    server = service["servers"][0]
    path = f"config/services/{service['name']}/servers/{server['address']}:{server['port']}"
    own = _own(lab)
    viewer = lab.controller and lab.controller.description.get("viewer")
    if viewer:
        _refused(Rest(own.base, viewer["user"], viewer["password"]), path, {"weight": 5}, 403)
    _refused(own, path, {"weight": 5}, 412, {"If-Match": '"seen long ago"'})
    _refused(own, path, {"weight": 1001}, 400)
    own.call("PATCH", path, {"weight": 5}, headers={"If-Match": "*"})
    weights = [each.get("weight") for each in lab.onos.configuration()["services"][0]["servers"]]
    if weights != [5, *[2] * (len(weights) - 1)]:
        raise Broken(f"after one weight was changed to 5 ONOS's configuration has the weights {weights}")
    lab.await_service()
    lab.step("a server's weight was changed by who may and had seen it, and by nobody else")


def _refused(rest, path, patch, status, headers=None):
    try:
        rest.call("PATCH", path, patch, headers=headers)
    except Refused as refused:
        if refused.status == status == _problem(refused).get("status"):
            return
        raise
    raise Broken(f"a change that must be refused with {status} was taken")


def _own(lab):
    return lab.onos.beside("ilb/v1")


def _problem(refused):
    try:
        return json.loads(refused.text)
    except ValueError:
        return {}


def _set(*path):
    """A spoiler that sets a field: the last of its arguments is the value, those before are the way to it."""
    *way, last, value = path

    def spoil(configuration):
        place = configuration
        for step in way:
            place = place[step]
        place[last] = value

    return spoil


def _drop(*path):
    *way, last = path

    def spoil(configuration):
        place = configuration
        for step in way:
            place = place[step]
        del place[last]

    return spoil


def _append_copy(*path, **changes):
    """A spoiler that repeats the first element of a list, with changes."""

    def spoil(configuration):
        place = configuration
        for step in path:
            place = place[step]
        place.append({**copy.deepcopy(place[0]), **changes})

    return spoil


def _in_buckets(hand_off="direct", **buckets):
    def spoil(configuration):
        configuration["services"][0].update(granularity="buckets", handOff=hand_off, buckets=buckets)

    return spoil


def _drain_all(configuration):
    for ilb in configuration["ilbs"]:
        ilb["drain"] = True


_SERVICE = ("services", 0)
_SERVER = (*_SERVICE, "servers", 1)
_ILB = ("ilbs", 2)

# What ONOS itself, which refuses a wrong kind of JSON before the application sees it, calls the configuration.
_WHOLE = "/ilb"

# What is wrong, the field that the answer must name, and how a good configuration is spoilt.
WRONG = [
    ("no name of a service", "services[0].name", _drop(*_SERVICE, "name")),
    ("a name with a blank", "services[0].name", _set(*_SERVICE, "name", "my web")),
    ("a name twice", "services[1].name", _append_copy("services", address="10.100.0.2", servers=[{"address": "10.0.0.99", "port": 80}])),
    ("no virtual address", "services[0].address", _drop(*_SERVICE, "address")),
    ("no address at all", "services[0].address", _set(*_SERVICE, "address", "10.100.0")),
    ("an address of bytes that are none", "services[0].address", _set(*_SERVICE, "address", "10.100.0.256")),
    ("a multicast virtual address", "services[0].address", _set(*_SERVICE, "address", "224.0.0.1")),
    ("a server's address as the virtual one", "services[0].servers[0].address", _set(*_SERVICE, "address", "10.0.0.11")),
    ("port 0", "services[0].port", _set(*_SERVICE, "port", 0)),
    ("a port beyond 65535", "services[0].port", _set(*_SERVICE, "port", 65536)),
    ("a port in quotes", "services[0].port", _set(*_SERVICE, "port", "80")),
    ("a service twice", "services[1].port", _append_copy("services", name="web2", servers=[{"address": "10.0.0.99", "port": 80}])),
    ("an unknown policy", "services[0].policy", _set(*_SERVICE, "policy", "coin-flip")),
    ("an unknown way with unknown connections", "services[0].unknown", _set(*_SERVICE, "unknown", "guess")),
    ("a misspelt field of a service", "services[0].sevrers", _set(*_SERVICE, "sevrers", [])),
    ("a direct prefix with bits beyond its length", "services[0].direct[0]", _set(*_SERVICE, "direct", ["10.9.0.1/24"])),
    ("direct prefixes that are no list", "services[0].direct", _set(*_SERVICE, "direct", "10.9.0.0/24")),
    ("a service without servers", "services[0].servers", _set(*_SERVICE, "servers", [])),
    ("no address of a server", "services[0].servers[1].address", _drop(*_SERVER, "address")),
    ("no port of a server", "services[0].servers[1].port", _drop(*_SERVER, "port")),
    ("a negative weight", "services[0].servers[1].weight", _set(*_SERVER, "weight", -1)),
    ("a weight beyond 1000", "services[0].servers[1].weight", _set(*_SERVER, "weight", 1001)),
    ("a weight that is no whole number", "services[0].servers[1].weight", _set(*_SERVER, "weight", 1.5)),
    ("a server twice", "services[0].servers[4].port", _append_copy(*_SERVICE, "servers")),
    ("a broadcast MAC of a server", "services[0].servers[1].mac", _set(*_SERVER, "mac", "ff:ff:ff:ff:ff:ff")),
    ("a location without a port", "services[0].servers[1].location", _set(*_SERVER, "location", "of:0000000000000101")),
    ("a server where the router is", "services[0].servers[1].location", _set(*_SERVER, "location", "of:0000000000000001/1")),
    ("no ILBs", "ilbs", _set("ilbs", [])),
    ("a device that is none", "ilbs[2].device", _set(*_ILB, "device", "ilb3")),
    ("a device twice", "ilbs[2].device", _set(*_ILB, "device", "of:0000000000000001")),
    ("an id twice", "ilbs[2].id", _set(*_ILB, "id", "10.10.1.1")),
    ("an index, but no address for an uplink", "ilbs[2].address", _set(*_ILB, "id", 3)),
    ("an ILB without an uplink among others with one", "ilbs[2].uplink", _drop(*_ILB, "uplink")),
    ("an uplink without a next hop", "ilbs[2].uplink.nextHop", _drop(*_ILB, "uplink", "nextHop")),
    ("an uplink port 0", "ilbs[2].uplink.port", _set(*_ILB, "uplink", "port", 0)),
    ("an unknown score", "settings.score", _set("settings", "score", "MD5")),
    ("a seed that is too short", "settings.seed", _set("settings", "seed", "1234")),
    ("a gateway twice", "settings.gateways[1]", _set("settings", "gateways", ["10.0.0.254", "10.0.0.254"])),
    ("the virtual address as a gateway", "settings.gateways[0]", _set("settings", "gateways", ["10.100.0.1"])),
    ("a negative size of the cache", "settings.cacheSize", _set("settings", "cacheSize", -1)),
    ("an unknown hand-off", "services[0].handOff", _set(*_SERVICE, "handOff", "tunnel")),
    ("an unknown granularity", "services[0].granularity", _set(*_SERVICE, "granularity", "packet")),
    ("buckets, but not the granularity", "services[0].buckets", _set(*_SERVICE, "buckets", {"count": 64})),
    ("100 buckets", "services[0].buckets.count", _in_buckets(count=100)),
    ("buckets by the lowest bit", "services[0].buckets.portBits[0]", _in_buckets(portBits=[0, 1, 2, 3])),
    ("buckets by three bits", "services[0].buckets.portBits", _in_buckets(portBits=[1, 2, 3])),
    ("64 buckets by four bits", "services[0].buckets.count", _in_buckets(portBits=[1, 2, 3, 4], count=64)),
    ("more buckets that move than there are", "services[0].buckets.moving", _in_buckets(moving=65)),
    ("buckets and relay", "services[0].handOff", _in_buckets("relay")),
    ("a drain that is neither true nor false", "ilbs[2].drain", _set(*_ILB, "drain", "yes")),
    ("every ILB drained", "ilbs[0].drain", _drain_all),
    ("no linger at all", "settings.linger", _set("settings", "linger", 0)),
    ("an embryonic time of more than an hour", "settings.embryonic", _set("settings", "embryonic", 3601)),
    ("no room for rules", "settings.maxRules", _set("settings", "maxRules", 0)),
    ("ID messages every millisecond", "settings.idPeriod", _set("settings", "idPeriod", 1)),
    ("an ILB out after one missed message", "settings.idMisses", _set("settings", "idMisses", 1)),
    ("more hearers than there may be", "settings.idHearers", _set("settings", "idHearers", 17)),
    ("a hold-down of half a second", "settings.holdDown", _set("settings", "holdDown", 0.5)),
    ("flags of ends in quotes", "settings.endFlags", _set("settings", "endFlags", "true")),
    ("an unknown setting", "settings.colour", _set("settings", "colour", "blue")),
    ("an unknown part", "servers", _set("servers", [])),
    ("settings that are a list", "settings", _set("settings", [])),
    ("a list instead of an object", _WHOLE, lambda _: []),
]
