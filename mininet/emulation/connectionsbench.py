"""The benchmark of connections: how many new HTTP connections a second, how long they take, and how much data flows, through

    static        static forwarding rules, no balancing: the emulation's ceiling
    one each      the same; in bulk, where `static` sends the downloads to the servers that their buckets would give them
    buckets       this application, a service of buckets
    connection    this application, a service with a rule for each connection
    haproxy       HAProxy in TCP mode on the router host
    dnat          nftables' DNAT on the router host

in one run, on the same hosts and switches. They take turns, `static` with each of them, so that each round gives a ratio; what is
said of a ratio is its median over the rounds and, by bootstrap, that median's lower 95 % bound (one-sided). Whatever befalls the
machine befalls both. The two kinds of service are never there together, because a service's rules lie in the tables.

Few long downloads are a special case: a hash now and then gives one server two of them and another none, which makes them slower
whoever forwards. So that buckets are compared with rules and not with luck, each round draws the clients' ports, and `static` has
its downloads from the servers that the buckets name for these ports; `one each` shows what chance costs.
"""

import contextlib
import random
import time

from emulation import bucketlab, build, load, observe
from emulation.controller import refuse_taken_ports
from emulation.lab import Lab, Session
from emulation.onos import Refused
from emulation.process import command
from emulation.rivals import PLAIN_PORT, Dnat, HaProxy, StaticRules
from emulation.servers import Servers
from emulation.traffic import percentile
from emulation.trouble import Broken

CONCURRENCIES = (1, 8, 32)
# Who takes turns, while the service has which granularity. The pair that has a goal gets more rounds.
_PHASES = (
    ("buckets", ("static", "buckets"), 4),
    ("buckets", ("static", "haproxy", "dnat"), 1),
    ("connection", ("static", "connection"), 1),
)
_ONE_EACH = "one each"
# Where Linux takes a connection's port from; even ones first.
_PORTS = range(32768, 61000, 2)
_BULK = "bulk"
_BULK_SIZE = 200_000_000
_RESAMPLES = 10_000
_GOAL_MEDIAN, _GOAL_BOUND = 0.95, 0.90
_MOST_SETUP_PACKET_INS = 1.1
# A connection's rules and association go soon after its end, so that the next run finds none of them; and buckets settle
# soon after the service has become one of buckets.
_SETTINGS = {"linger": 1, "associationIdle": 5}
_UNTIL_SETTLED = 60
_AFTER_CONNECTIONS = 3.0


class Size:
    """How much is measured."""

    def __init__(self, quick):
        self.rounds = 2 if quick else 10
        self.seconds = 1.0
        self.concurrencies = (8,) if quick else CONCURRENCIES


def run(console, options):
    """Measures, prints tables and returns the result."""
    refuse_taken_ports(options)
    if not options.no_build:
        build.ensure(console)
    result = {"scenario": "bench connections", "passed": True, "why": ""}
    with Session(console, options) as session:
        lab = Lab(session, "bench-connections")
        bench = _Bench(lab, Size(options.quick))
        try:
            problem = bench.measure()
            result.update(bench.report(), passed=not problem, why=problem)
        finally:
            problems = lab.close()
    if problems:
        console.step(f"not all was taken away: {'; '.join(problems)}")
    return result


class _Bench:
    """The rounds, and what they gave."""

    def __init__(self, lab, size):
        self._lab = lab
        self._size = size
        # By who took turns, what was measured (a concurrency, or bulk) and variant: the outcomes in the order of the rounds.
        self._outcomes = {}
        self._punts = {}

    def measure(self):
        """Measures as much as can be; returns what went wrong, nothing where all went well."""
        problems = []
        try:
            self._prepare()
            for phase in _PHASES:
                try:
                    self._phase(*phase)
                except (Broken, OSError) as problem:
                    problems.append(str(problem))
        except (Broken, OSError) as problem:
            problems.append(str(problem))
        for problem in problems:
            self._lab.step(f"not measured: {problem}")
        return "; ".join(problems)

    def _prepare(self):
        """Network, servers, application and rivals."""
        lab = self._lab
        plan = lab.routed_plan()
        lab.use_controller()
        lab.build(plan)
        lab.servers = Servers(lab.network, lab.directory / "servers", more_ports=[PLAIN_PORT], log=False)
        lab.later(lab.servers.close)
        lab.servers.file("bulk", _BULK_SIZE)
        lab.install()
        lab.configure(plan.configuration(settings=_SETTINGS))
        lab.await_service()
        self._addresses = load.Addresses(lab.network)
        self._static = StaticRules(lab)
        self._variants = {
            "static": contextlib.nullcontext(self._static.targets()),
            _ONE_EACH: contextlib.nullcontext(self._static.targets()),
            "buckets": contextlib.nullcontext([[plan.vip, 80]]),
            "connection": contextlib.nullcontext([[plan.vip, 80]]),
            "haproxy": HaProxy(lab),
            "dnat": Dnat(lab),
        }
        lab.step("static rules, HAProxy and DNAT are ready")

    def _phase(self, granularity, variants, times):
        """All rounds of some variants while the service has this granularity."""
        lab = self._lab
        rounds = self._size.rounds * times
        lab.step(f"{', '.join(variants)} take turns; the service's granularity is {granularity}")
        self._configure(granularity)
        for variant in variants:
            self._measure(variant, max(self._size.concurrencies))
        punts = observe.setup_punts(lab.network, lab.vip)
        for what in (*self._size.concurrencies, _BULK):
            matched = what == _BULK and "buckets" in variants
            measured = (*variants, _ONE_EACH) if matched else variants
            for number in range(rounds):
                downloads = self._draw() if matched else ()
                # Who comes first differs from round to round.
                for variant in measured if number % 2 else measured[::-1]:
                    outcome = self._measure(variant, what, downloads)
                    self._outcomes.setdefault((variants, what, variant), []).append(outcome)
            told = ", ".join(f"{variant} {_median(self._figures(variants, what, variant)):,.0f}" for variant in measured)
            lab.step(f"  {_called(what)}, {rounds} rounds, {_unit(what)}, medians: {told}")
        made = sum(
            outcome.begun
            for (turns, _, variant), outcomes in self._outcomes.items()
            if turns == variants and variant == granularity
            for outcome in outcomes
        )
        if made:
            self._punts[granularity] = (observe.setup_punts(lab.network, lab.vip) - punts) / made

    def _configure(self, granularity):
        lab = self._lab
        service = lab.plan.service(**({"granularity": "buckets"} if granularity == "buckets" else {}))
        try:
            lab.configure(lab.plan.configuration(services=[service], settings=_SETTINGS))
        except Refused as refused:
            raise Broken(f"the application does not take granularity {granularity}: {refused.text[:200]}") from None
        lab.await_service()
        if granularity == "buckets":
            # A connection of before, whose end nobody saw, is pinned until it has been idle; while there is one, all ends
            # in its bucket are copied to the controller.
            bucketlab.await_states(lab, "web", bucketlab.SETTLED, _UNTIL_SETTLED)

    def _draw(self):
        """A port for each client's download, with the server whose bucket it falls into."""
        buckets = bucketlab.Buckets(self._lab, "web")
        return {port: buckets.server_of(port) for port in random.sample(_PORTS, len(self._lab.plan.clients))}

    def _measure(self, variant, what, downloads=()):
        """One run. Where it is said by which ports downloads come, it is said from which servers `static` has them, too."""
        bulk = what == _BULK
        order = {"kind": "bulk", "path": "/files/bulk", "ports": list(downloads)} if bulk else {"kind": "connections"}
        with self._variants[variant] as targets:
            if downloads and variant == "static":
                targets = self._static.targets(downloads.values())
            outcome = load.run(
                self._lab.network,
                self._addresses,
                targets,
                len(self._lab.plan.clients) if bulk else what,
                seconds=self._size.seconds,
                **order,
            )
        if variant == "connection" and not bulk:
            time.sleep(_AFTER_CONNECTIONS)
        return outcome

    def _figures(self, *key):
        return [outcome.megabits if key[1] == _BULK else outcome.rate for outcome in self._outcomes[key]]

    def report(self):
        """Prints the tables; returns what belongs into the result."""
        rows, figures = [], []
        for key in self._outcomes:
            turns, what, variant = key
            outcomes, rates = self._outcomes[key], self._figures(*key)
            done = sum(outcome.done for outcome in outcomes)
            entry = {
                "turns": turns,
                "variant": variant,
                "what": _called(what),
                "unit": _unit(what),
                "rounds": len(rates),
                "runs": [round(rate, 1) for rate in rates],
                "median": round(_median(rates), 1),
                "failed": sum(outcome.failed for outcome in outcomes),
                "errors": [error for outcome in outcomes for error in outcome.errors][:5],
            }
            base = self._outcomes.get((turns, what, "static"))
            if variant != "static" and base and len(base) >= len(rates) > 0:
                ratios = [one / other for one, other in zip(rates, self._figures(turns, what, "static")) if other]
                entry["ratio"] = round(_median(ratios), 3)
                entry["ratioLowerBound"] = round(lower_bound(ratios), 3)
                if variant == "buckets":
                    entry["goal"] = f"at least {_GOAL_MEDIAN}, lower bound {_GOAL_BOUND:.2f}"
                    entry["kept"] = entry["ratio"] >= _GOAL_MEDIAN and entry["ratioLowerBound"] >= _GOAL_BOUND
            if what != _BULK:
                micros = [value for outcome in outcomes for value in outcome.micros]
                entry["latencyMillis"] = {
                    label: round(percentile(micros, fraction) / 1000, 2) if micros else None
                    for label, fraction in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
                }
            # A connection's, or a megabyte's.
            pieces = max(1, done if what != _BULK else sum(outcome.bytes for outcome in outcomes) / 1e6)
            entry["switchMicros"] = round(1e6 * sum(each.switch_cpu for each in outcomes) / pieces)
            entry["micros"] = round(1e6 * sum(each.cpu for each in outcomes) / pieces)
            figures.append(entry)
            latency = entry.get("latencyMillis", {})
            rows.append(
                (
                    _called(what),
                    variant if variant != "static" else f"static, beside {' and '.join(turns[1:])}",
                    f"{entry['median']:,.0f}",
                    entry.get("ratio", "-"),
                    entry.get("ratioLowerBound", "-"),
                    *(latency.get(label, "-") for label in ("p50", "p95", "p99")),
                    entry["switchMicros"],
                    entry["micros"],
                    entry["failed"],
                )
            )
        self._lab.console.table(
            "new connections a second (bulk: Mbit/s), medians; latency in ms; processor time in microseconds per connection (bulk: MB)",
            ("load", "variant", "median", "/static", "bound", "p50", "p95", "p99", "switch", "all", "failed"),
            rows,
        )
        self._lab.console.line()
        for granularity, punts in self._punts.items():
            self._lab.console.line(f"set-up packet-ins per connection, {granularity}: {punts:.3f}")
        return {
            "figures": figures,
            "setupPacketInsPerConnection": {name: round(punts, 4) for name, punts in self._punts.items()},
            "setupPacketInsKept": self._punts.get("connection", 0) <= _MOST_SETUP_PACKET_INS,
            "versions": _versions(self._lab),
        }


def lower_bound(ratios, confidence=0.95, resamples=_RESAMPLES):
    """The one-sided lower confidence bound of the median, by percentile bootstrap."""
    # A seed of its own: the same figures give the same bound.
    draw = random.Random(1)
    medians = sorted(_median(draw.choices(ratios, k=len(ratios))) for _ in range(resamples))
    return medians[int((1 - confidence) * resamples)]


def _median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _called(what):
    return "bulk" if what == _BULK else f"{what} at a time"


def _unit(what):
    return "Mbit/s" if what == _BULK else "connections/s"


def _versions(lab):
    """What was measured with."""
    found = {"datapath": lab.session.openvswitch.datapath}
    for name, words in (
        ("Linux", ("uname", "-r")),
        ("Open vSwitch", ("ovs-vswitchd", "--version")),
        ("HAProxy", ("haproxy", "-v")),
        ("nftables", ("nft", "--version")),
    ):
        found[name] = command(*words).splitlines()[0]
    return found
