"""The configuration changes while traffic flows: weights, a service that comes and goes, an ILB that leaves and joins. No
connection breaks that a change does not concern, and of a service that is gone no rule is left.
"""

import collections

from emulation import observe
from emulation.servers import SLOW_BYTES
from emulation.trouble import Broken
from emulation.waiting import wait_until

_TRANSFERS = 3
_LASTS = 24
_OTHER_PORT = 81


def play(lab):
    plan = lab.routed_plan()
    web_servers, other_server = plan.servers[:-1], plan.servers[-1:]

    def configuration(weights=None, other=False, without=None):
        services = [plan.service(servers=web_servers, weights=weights)]
        if other:
            services.append(plan.service("other", port=_OTHER_PORT, servers=other_server))
        changed = plan.configuration(services=services)
        changed["ilbs"] = [ilb for ilb in changed["ilbs"] if ilb["device"] != without]
        return changed

    lab.use_controller()
    lab.build(plan)
    lab.start_servers()
    lab.install()
    lab.configure(configuration())
    lab.await_service()
    size = _LASTS * SLOW_BYTES
    digest = lab.servers.file("long", size)
    lab.step(f"{_TRANSFERS} transfers of {size >> 20} MB that take {_LASTS} s")
    earlier = set(observe.exact_rules(lab.network, lab.vip))
    traffic = lab.traffic("download", parallel=_TRANSFERS, path="/slow/long", timeout=60)
    carrying = wait_until("every transfer has its rule", lambda: _carrying(lab, earlier), 15)

    shares = _reweigh(lab, configuration)
    rules_of_other = _come_and_go(lab, plan, configuration)
    moved = _leave_and_join(lab, plan, configuration, carrying)

    done, broken = traffic.progress()
    if done > broken:
        raise Broken("a transfer ended before the last change was made")
    records = traffic.wait(120, period=5, each=lambda done, failed: lab.step(f"  {done} of {_TRANSFERS} transfers complete"))
    failed = [record for record in records if record["error"] or record["sha256"] != digest]
    later = lab.traffic("requests", count=100, concurrency=2).wait(60)
    later_failed = [record for record in later if record["error"]]
    lab.figures.update(
        transfers=len(records),
        broken=len(failed),
        longestStallSeconds=round(max(record["longestStall"] for record in records), 1),
        sharesAfterReweighing=shares,
        rulesOfTheOtherService=rules_of_other,
        ownersMoved=moved,
        failedAfterwards=len(later_failed),
    )
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} transfers broke: {failed[0]['error'] or 'other contents'}")
    if later_failed:
        raise Broken(f"{len(later_failed)} of {len(later)} requests failed afterwards: {later_failed[0]['error']}")


def _carrying(lab, earlier):
    """The ILBs that carry the transfers, once all of them have rules; connections from before count for nothing."""
    rules = observe.exact_rules(lab.network, lab.vip)
    new = [names for client, names in rules.items() if client not in earlier]
    return {name for names in new for name in names} if len(new) >= _TRANSFERS else None


def _requests(lab, count, port=80):
    records = lab.traffic("requests", count=count, concurrency=2, port=port).wait(60)
    failed = [record for record in records if record["error"]]
    if failed:
        raise Broken(f"{len(failed)} of {count} requests to port {port} failed: {failed[0]['error']}")
    return collections.Counter(record["server"] for record in records)


def _reweigh(lab, configuration):
    """Weights 5:3:0: the third server gets nothing new from now on."""
    lab.configure(configuration(weights=[5, 3, 0]))
    shares = _requests(lab, 160)
    lab.step(f"weights are 5, 3 and 0; 160 requests went {dict(sorted(shares.items()))}")
    names = [server.name for server in lab.plan.servers]
    if shares[names[2]]:
        raise Broken(f"{names[2]} has weight 0 and got {shares[names[2]]} new connections")
    # Each owner starts its round at a place of its own, so it may be off by one round's remainder.
    if abs(shares[names[0]] - 100) > 2 * len(lab.plan.ilbs):
        raise Broken(f"{names[0]} should get 100 of 160 requests and got {shares[names[0]]}")
    return dict(shares)


def _come_and_go(lab, plan, configuration):
    """Another service comes, serves, and goes without a trace."""
    lab.configure(configuration(other=True))
    wait_until("the other service answers", lambda: lab.answers(plan.clients[0], port=_OTHER_PORT), 20)
    _requests(lab, 40, port=_OTHER_PORT)
    during = len(_rules_of_other(lab, plan))
    lab.configure(configuration())
    wait_until("no rule of the other service is left", lambda: not _rules_of_other(lab, plan), 20)
    lab.step(f"another service came, served 40 requests by {during} rules, went, and left none of them")
    if lab.answers(plan.clients[0], port=_OTHER_PORT):
        raise Broken("a service that is configured no more answers")
    known = [each for each in lab.onos.ilb.associations().values() if each["destination"].endswith(f":{_OTHER_PORT}")]
    if known:
        raise Broken(f"{len(known)} associations of a service that is configured no more are left")
    return during


def _rules_of_other(lab, plan):
    server = plan.servers[-1]
    return [
        flow
        for switch in plan.switches
        for flow in lab.network.flows(switch)
        if flow.match.get("tp_dst") == str(_OTHER_PORT) or server.ip in str(flow.match) or server.mac in str(flow.match)
    ]


def _leave_and_join(lab, plan, configuration, carrying):
    """An ILB that carries no transfer leaves the configuration and joins again; owners move only as they must."""
    idle = [switch for switch in plan.ilbs if switch.name not in carrying]
    leaver = (idle or plan.ilbs)[0]
    if not idle:
        raise Broken("every ILB carries a transfer: there is none that may leave without concern to any")
    before = lab.onos.ilb.associations()
    lab.onos.configure(configuration(without=leaver.device))
    wait_until(
        f"{leaver.name} is out",
        lambda: str(leaver.ilb_id) not in {each["owner"] for each in lab.onos.ilb.associations().values()},
        20,
    )
    wait_until(f"{leaver.name} has no rule of the service", lambda: not _service_rules(lab, leaver), 20)
    without = lab.onos.ilb.associations()
    lab.configure(configuration())
    wait_until(
        f"{leaver.name} is in again",
        lambda: str(leaver.ilb_id) in {each["owner"] for each in lab.onos.ilb.associations().values()},
        20,
    )
    after = lab.onos.ilb.associations()
    moved = _moved(before, without, leaver)
    moved_back = _moved(without, after, leaver)
    lab.step(f"{leaver.name} left and joined: {moved} connections changed their owner, then {moved_back}")
    wait_until("every client gets answers again", lambda: all(lab.answers(client) for client in plan.clients), 30)
    return [moved, moved_back]


def _moved(before, after, concerned):
    """How many owners differ; each difference must concern the one ILB that moved."""
    moved = 0
    for source, association in after.items():
        was = before.get(source)
        if was is None or was["owner"] == association["owner"]:
            continue
        moved += 1
        if str(concerned.ilb_id) not in (was["owner"], association["owner"]):
            raise Broken(
                f"{source} moved from {was['owner']} to {association['owner']}, and neither is {concerned.ilb_id}"
            )
    return moved


def _service_rules(lab, switch):
    return [flow for flow in lab.network.flows(switch) if flow.match.get("nw_dst") == lab.vip]
