"""What switches tell about the application's work: punted set-ups and exact rules, by ovs-ofctl alone."""

import re
import threading
import time

# Statistics of flows reach ovs-ofctl with the revalidators' next round.
_STATISTICS_DELAY = 1.5


def exact_rules(network, vip):
    """The rules for one connection each: for every (address, port) of a client, the ILBs that have one."""
    found = {}
    for switch in network.plan.ilbs:
        for flow in network.flows(switch):
            match = flow.match
            if match.get("nw_dst") == vip and "tp_src" in match and "nw_src" in match and not flow.punts:
                found.setdefault((match["nw_src"], int(match["tp_src"])), []).append(switch.name)
    return found


def connection_rules(network, vip, but=None):
    """The same rules one by one: the ILB, the connection (both its ends), and the flow; `but` is an ILB to leave out."""
    for switch in network.plan.ilbs:
        if switch is but:
            continue
        for flow in network.flows(switch):
            match = flow.match
            if match.get("nw_dst") == vip and "tp_src" in match and "nw_src" in match and not flow.punts:
                yield switch, ((match["nw_src"], int(match["tp_src"])), (vip, int(match["tp_dst"]))), flow


def relayed_to(flow):
    """The address of the ILB that a connection's rule relays to, None where it sends to a server."""
    if re.search(r"set_field:[0-9.]+->ip_dst", flow.actions):
        return None
    found = re.search(r"set_field:02:49:([0-9a-f:]{11})->eth_dst", flow.actions)
    return ".".join(str(int(part, 16)) for part in found[1].split(":")) if found else None


def setup_punts(network, vip, settle=True, but=None):
    """Packets that came up because a connection had to be set up, over all ILBs since their rules stand.

    Counted on the service's own punt and on clients' SYNs that a flags rule sends up; copies of FIN and RST
    are no set-ups. `but` is an ILB to leave out.
    """
    if settle:
        time.sleep(_STATISTICS_DELAY)
    total = 0
    for switch in network.plan.ilbs:
        if switch is but:
            continue
        for flow in network.flows(switch):
            flags = flow.match.get("tcp_flags", "")
            if flow.punts and _to_service(flow, vip) and (not flags or "+syn" in flags):
                total += flow.packets
    return total


def _to_service(flow, vip):
    """Whether a flow is of what goes to a service at a virtual address, not to the address itself."""
    return flow.match.get("nw_dst") == vip and "tp_dst" in flow.match


def punt_rules(network, vip):
    """For each ILB, how many of its rules punt whatever goes to a virtual address, not only some TCP flags."""
    return {
        switch.name: sum(
            flow.punts and _to_service(flow, vip) and "tcp_flags" not in flow.match
            for flow in network.flows(switch)
        )
        for switch in network.plan.ilbs
    }


class RuleSampler:
    """Looks at the exact rules again and again, so that rules which come and go are seen too."""

    def __init__(self, network, vip, period=1.0):
        self._seen = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._sample, args=(network, vip, period), daemon=True)
        self._thread.start()

    def stop(self):
        """Ends sampling after one last look; for every client's (address, port), the set of ILBs that had a rule."""
        self._stop.set()
        self._thread.join()
        return self._seen

    def _sample(self, network, vip, period):
        last = False
        while True:
            for client, switches in exact_rules(network, vip).items():
                self._seen.setdefault(client, set()).update(switches)
            if last:
                return
            last = self._stop.wait(period)
