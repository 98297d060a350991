"""Who is in, and who owns and backs up which connection, as the application says and as the oracle does."""

import time

from emulation import oracle, topology
from emulation.trouble import Broken
from emulation.waiting import wait_until


class Ownership:
    """What the REST API says of the view and of all connections, at one moment."""

    def __init__(self, lab):
        view = lab.onos.ilb.view()
        self.view = view["number"]
        self.members = [str(member) for member in view["members"]]
        self.connections = lab.onos.ilb.connections()

    def places(self, connection):
        """Owner and backup of a connection."""
        return _places(self.connections[connection])

    def moved_since(self, earlier):
        """The connections that were there earlier and have another owner or backup now."""
        both = earlier.connections.keys() & self.connections.keys()
        return {connection for connection in both if self.places(connection) != earlier.places(connection)}

    def concerning(self, ilb):
        """The connections that an ILB owns or backs up."""
        return {connection for connection in self.connections if str(ilb.ilb_id) in self.places(connection)}

    def other_servers_than(self, earlier):
        """The connections that last and whose server is another than it was; short ones may have reused a port."""
        both = earlier.connections.keys() & self.connections.keys()
        return {
            each
            for each in both
            if each[1][1] == topology.LASTING_PORT
            and self.connections[each]["server"] != earlier.connections[each]["server"]
        }


def _places(entry):
    return tuple(None if entry[place] is None else str(entry[place]) for place in ("owner", "backup"))


def await_members(lab, ilbs, seconds, since=None):
    """Waits until exactly these ILBs are in the view; returns for how long that took, since then or since now."""
    wanted = sorted(str(switch.ilb_id) for switch in ilbs)
    since = since or time.monotonic()

    def stands():
        return sorted(str(member) for member in lab.onos.ilb.view()["members"]) == wanted

    wait_until(f"the view's members are {', '.join(wanted)}", stands, seconds, pause=0.02)
    return time.monotonic() - since


def await_oracle(lab, seed, seconds=10):
    """Waits until every association has the oracle's owner and backup among the members; returns the ownership."""
    wrong = {}

    def agrees():
        nonlocal wrong
        now = Ownership(lab)
        wrong = {}
        for connection in now.connections:
            (source, source_port), (destination, port) = connection
            expected = oracle.elect("CRC32_MIXED", int(seed, 16), now.members, port, destination, source_port, source)
            if now.places(connection) != expected:
                wrong[connection] = (now.places(connection), expected)
        return None if wrong else now

    try:
        return wait_until("every association is where the oracle says", agrees, seconds, pause=0.5)
    except Broken as broken:
        if not wrong:
            raise
        connection, (is_at, belongs) = next(iter(wrong.items()))
        raise Broken(
            f"{len(wrong)} associations are elsewhere than the oracle says: {connection[0]} has owner and backup "
            f"{is_at}, not {belongs}"
        ) from None


def judge_moves(lab, before, after, ilb, joined=False):
    """Holds what moved with one ILB's leave or join against the ideal: only what it owned or backed up; puts both
    into the figures and raises Broken where more moved.

    Of a leave the ideal is what concerned the leaver before, of a join what concerns the newcomer afterwards: each
    of the others keeps its owner, and its backup but where the newcomer takes that place.
    """
    both = before.connections.keys() & after.connections.keys()
    ideal = (after if joined else before).concerning(ilb) & both
    moved = after.moved_since(before)
    lab.figures.setdefault("moves", []).append(
        {"ilb": ilb.name, "event": "join" if joined else "leave", "associations": len(both), "moved": len(moved), "ideal": len(ideal)}
    )
    lab.step(
        f"{len(moved)} of {len(both)} associations have another owner or backup; {len(ideal)} is the ideal"
    )
    surplus = moved - ideal
    if surplus:
        example = next(iter(surplus))
        raise Broken(
            f"{len(surplus)} associations moved that did not concern {ilb.name}: {example[0]} went from "
            f"{before.places(example)} to {after.places(example)}"
        )
    strangers = after.other_servers_than(before)
    if strangers:
        example = next(iter(strangers))
        raise Broken(f"{len(strangers)} connections changed their server, e.g. {example[0]}")
