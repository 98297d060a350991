"""Services of buckets, for scenarios: brought up, looked at through REST, and judged by what buckets promise."""

import time

from emulation import load, oracle
from emulation.topology import LASTING_PORT
from emulation.trouble import Broken
from emulation.waiting import wait_until

# Where a bucket stays when nothing moves, and where its new connections go to its new server for good.
SETTLED = {"settled"}
MOVED = {"settled", "pinned"}
SERVICES = {"web": 80, "lasting": LASTING_PORT}
# Scenarios cannot wait for the times that a user wants.
QUICK_MOVES = {"moveSynAfter": 1, "movePinAfter": 5}


class Buckets:
    """What the REST API says of a service's buckets, at one moment."""

    def __init__(self, lab, service):
        self.service = service
        answer = lab.onos.ilb.buckets(service)
        self.mask = answer["portMask"] if isinstance(answer["portMask"], int) else int(answer["portMask"], 0)
        self.entries = {entry["index"]: entry for entry in answer["buckets"]}

    @property
    def servers(self):
        """Each bucket's server, the one that it moves to where it moves."""
        return {index: _address(entry["next"] or entry["server"]) for index, entry in self.entries.items()}

    @property
    def places(self):
        """Each bucket's owner and backup."""
        return {
            index: tuple(None if entry[place] is None else str(entry[place]) for place in ("owner", "backup"))
            for index, entry in self.entries.items()
        }

    def states(self):
        """How many buckets are in each state."""
        found = {}
        for entry in self.entries.values():
            found[entry["state"]] = found.get(entry["state"], 0) + 1
        return found

    def per_server(self):
        """How many buckets each server has, by its address."""
        found = {}
        for address in self.servers.values():
            found[address] = found.get(address, 0) + 1
        return found

    def server_of(self, port):
        """Whose a connection from a client's port is, by address."""
        return self.servers[sum((port >> bit & 1) << place for place, bit in enumerate(self._bits()))]

    def source_port(self, index):
        """A bucket's client port under the mask: its index, its bits laid out where the mask has them."""
        return sum((index >> place & 1) << bit for place, bit in enumerate(self._bits()))

    def _bits(self):
        """The bits of a client's port that the mask keeps, from the lowest."""
        return [bit for bit in range(16) if self.mask >> bit & 1]


def _address(end):
    return end.rpartition(":")[0] if end else None


def bring_up(lab, plan, seed, servers=None, weights=None, settings=None, controller=None, **buckets):
    """Both services with buckets, for which `buckets` are settings; ends when all of them are settled."""
    lab.bring_up_lasting(
        plan, seed, settings, controller, servers=servers, weights=weights, granularity="buckets", buckets=buckets
    )
    for service in SERVICES:
        await_states(lab, service, SETTLED, 20)
    return load.Addresses(lab.network)


def configure(lab, plan, seed, servers=None, weights=None, settings=None, **buckets):
    """Gives the services other servers or weights."""
    lab.onos.configure(
        plan.lasting_configuration(
            seed, settings, servers=servers, weights=weights, granularity="buckets", buckets=buckets
        )
    )


def await_states(lab, service, states, seconds):
    """Waits until all buckets of a service are in one of some states; returns them."""
    seen = []

    def there():
        seen[:] = [Buckets(lab, service)]
        return seen[0].entries and set(seen[0].states()) <= states

    try:
        wait_until(f"all buckets of {service} are {' or '.join(sorted(states))}", there, seconds)
    except Broken as broken:
        raise Broken(f"{broken}; they are {seen[0].states() if seen else 'unknown'}") from None
    return seen[0]


def await_moved(lab, seconds, spread, states=MOVED):
    """Waits until no bucket of any service moves and each server has the buckets that `spread` gives it, within one; returns
    how long that took and the buckets by service."""
    since = time.monotonic()
    found = {}

    def there():
        for service in SERVICES:
            found[service] = Buckets(lab, service)
        return all(set(each.states()) <= states and not _uneven(each, spread) for each in found.values())

    try:
        wait_until("no bucket moves any more", there, seconds)
    except Broken as broken:
        said = "; ".join(f"{name}: {each.states()}, {each.per_server()}" for name, each in found.items())
        raise Broken(f"{broken}: {said}") from None
    return time.monotonic() - since, found


def weigh(servers, weights):
    """The shares of servers, by address."""
    return {server.ip: weight / sum(weights) for server, weight in zip(servers, weights)}


def judge_spread(buckets, spread):
    """Raises Broken where a server's share of buckets is more than one bucket from ideal."""
    problem = _uneven(buckets, spread)
    if problem:
        raise Broken(problem)


def _uneven(buckets, spread):
    counts, total = buckets.per_server(), len(buckets.entries)
    strangers = counts.keys() - spread.keys()
    if strangers:
        return f"buckets of {buckets.service} go to {sorted(map(str, strangers))[0]}"
    for address, share in spread.items():
        count = counts.get(address, 0)
        # Weight 0 means none, not up to one.
        if abs(count - share * total) >= 1 + 1e-9 or (not share and count):
            return f"{address} has {count} buckets of {buckets.service}; its weight makes {share * total:.1f} of {total}"
    return None


def judge_places(lab, buckets, members, seed):
    """Raises Broken where a bucket's owner or backup is not the oracle's."""
    ids = [str(switch.ilb_id) for switch in members]
    for index, places in buckets.places.items():
        port = buckets.source_port(index)
        expected = oracle.elect("CRC32_MIXED", int(seed, 16), ids, SERVICES[buckets.service], lab.vip, port, "0.0.0.0")
        if places != expected:
            raise Broken(f"owner and backup of bucket {index} of {buckets.service} are {places}; the oracle says {expected}")


def judge_load(outcome, what):
    """Raises Broken where a connection of the load failed."""
    if outcome.failed:
        raise Broken(f"{outcome.failed} of {outcome.begun} connections failed {what}: {outcome.errors[0]}")
    if not outcome.done:
        raise Broken(f"not one connection was made {what}")
