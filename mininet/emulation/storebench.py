"""The benchmark of the association store: what a write costs inside a controller, and its share of a connection's set-up.

A small application of its own measures ONOS's maps from within; then the product balances real connections, whose time
to connect is what the store's time is compared with.
"""

import os
import time

from emulation import build
from emulation.controller import refuse_taken_ports
from emulation.lab import Lab, Session
from emulation.traffic import percentile
from emulation.trouble import Broken, Trouble

_APPLICATION = "org.ilb.storebench"
_SECONDS = 300
# The embedded controller asks the JVM's better compiler late, to boot sooner; what is measured here are the JVM's own habits.
_JVM = (
    "-XX:Tier4InvocationThreshold=5000 -XX:Tier4MinInvocationThreshold=600 "
    "-XX:Tier4CompileThreshold=15000 -XX:Tier4BackEdgeThreshold=40000"
)
# Store and set-up are compared at the same pressure: one at a time, and this many connections at a time.
_BUSY = 8
_WARM_UP = 1000
_ALONE = 500
_TOGETHER = 2000
# Below those that the kernel chooses from, as in `demo`: every connection has a port of its own.
_FIRST_PORT = 10000
_MOST_OF_SETUP = 0.1


def run(console, options):
    """Measures, prints a table and returns the result."""
    refuse_taken_ports(options)
    if not options.no_build:
        build.ensure(console)
        console.step("building the benchmark")
        build.maven(console, "install", "-Dmaven.test.skip=true", "-pl", "mininet/storebench", "-am")
    archives = sorted((build.REPOSITORY / "mininet" / "storebench" / "target").glob("*.oar"))
    if not archives:
        raise Trouble("the benchmark of the store is not built; run without --no-build")
    os.environ.setdefault("ILB_CONTROLLER_JVM", _JVM)
    result = {"scenario": "bench store", "passed": True, "why": "", "figures": []}
    with Session(console, options) as session:
        lab = Lab(session, "bench-store")
        try:
            figures = _maps(lab, archives[-1])
            figures += _setup(lab, {figure["name"]: figure["value"] for figure in figures})
            result["figures"] = figures
        except (Broken, OSError) as problem:
            result.update(passed=False, why=str(problem))
            console.step(f"not measured: {problem}")
        finally:
            problems = lab.close()
    if problems:
        console.step(f"not all was taken away: {'; '.join(problems)}")
    rows = [(figure["name"], _digits(figure["value"]), figure["unit"]) for figure in result["figures"]]
    console.table("store", ("figure", "measured", "unit"), rows)
    return result


def _digits(value):
    """Three significant digits, or all before the point."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _maps(lab, archive):
    """What the maps cost by themselves: the figures of the bundle, and the bytes that they take on the disk."""
    lab.use_controller()
    disk = _on_disk(lab)
    lab.install_archive(archive, _APPLICATION)
    rest = lab.onos.beside("ilb-storebench/v1")
    deadline, told = time.monotonic() + _SECONDS, None
    while True:
        time.sleep(0.5)
        try:
            report = rest.get("figures")
        except OSError:
            # Its REST API starts a little after it.
            report = {"state": "running", "step": "starting"}
        if report["state"] == "failed":
            raise Broken(f"the store could not be measured: {report['step']}")
        if report["state"] == "done":
            break
        if report["step"] != told:
            told = report["step"]
            lab.step(f"  {told}")
        if time.monotonic() > deadline:
            raise Broken(f"the store was not measured within {_SECONDS} s: {told}")
    figures = report["figures"]
    if disk is not None:
        figures.append({"name": "Raft logs on disk, all of the above", "value": (_on_disk(lab) - disk) / 1e6, "unit": "MB"})
    lab.uninstall(_APPLICATION)
    return figures


def _on_disk(lab):
    """Bytes of the controller's Raft logs, None where they are not to be seen."""
    if not getattr(lab.controller, "embedded", False):
        return None
    return sum(file.stat().st_blocks * 512 for file in (lab.controller.home / "karaf" / "data" / "db").rglob("*") if file.is_file())


def _setup(lab, known):
    """How long real connections take to be set up, and the store's share of that."""
    lab.bring_up(lab.routed_plan())
    port = _FIRST_PORT
    _connect(lab, port, _WARM_UP, _BUSY)
    port += _WARM_UP
    late = _late(lab)
    figures = []
    for count, parallel in ((_ALONE, 1), (_TOGETHER, _BUSY)):
        name = "one at a time" if parallel == 1 else f"{parallel} in flight"
        times = [1000 * seconds for seconds in _connect(lab, port, count, parallel)]
        port += count
        connect, write = percentile(times, 0.5), known[f"ConsistentMap, put-if-absent, {name}, p50"]
        figures += [
            {"name": f"TCP connection through the virtual address, {name}, p50", "value": connect, "unit": "ms"},
            {"name": f"TCP connection through the virtual address, {name}, p99", "value": percentile(times, 0.99), "unit": "ms"},
            {
                "name": f"a put's share of it, {name}, both p50",
                "value": 100 * write / connect,
                "unit": "%",
                "bound": "less than 10",
                "kept": write / connect < _MOST_OF_SETUP,
            },
        ]
    figures.append({"name": "SYNs that did not wait for the store any longer", "value": _late(lab) - late, "unit": ""})
    return figures


def _connect(lab, port, count, parallel):
    """The times to connect, in seconds, of connections from ports from this one on, so many of them at once."""
    clients = lab.plan.clients[: max(1, min(parallel, len(lab.plan.clients)))]
    traffic = lab.traffic(
        "requests", clients=clients, count=count, concurrency=max(1, parallel // len(clients)), firstPort=port
    )
    records = traffic.wait(180)
    failed = [record for record in records if record["error"]]
    if failed:
        raise Broken(f"{len(failed)} of {count} connections failed: {failed[0]['error']}")
    return [record["connected"] for record in records]


def _late(lab):
    return lab.onos.beside("ilb/v1").get("counters")["counters"]["store-late"]
