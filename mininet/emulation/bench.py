"""Benchmarks: figures for `docs/performance.md`, never tests that may fail for a busy machine."""

import json
import subprocess
import tempfile
from pathlib import Path

from emulation import build, connectionsbench, storebench
from emulation.trouble import Trouble


def run(console, options):
    """Runs the benchmarks that the command line names, all of them by default; returns the exit status."""
    wanted = options.only.split(",") if options.only else list(_KNOWN)
    unknown = [name for name in wanted if name not in _KNOWN]
    if unknown:
        raise Trouble(f"unknown benchmark '{unknown[0]}'; there are {', '.join(_KNOWN)}")
    results = [_KNOWN[name](console, options) for name in wanted]
    passed = all(result["passed"] for result in results)
    if options.result:
        whole = results[0] if len(results) == 1 else {"scenario": "bench", "passed": passed, "why": "", "benchmarks": results}
        Path(options.result).write_text(json.dumps(whole, indent=2) + "\n")
    return 0 if passed else 1


def _core(console, options):
    """The decision core by JMH, in a process of its own."""
    if not options.no_build:
        console.step("building the benchmarks")
        build.maven(console, "install", "-Dmaven.test.skip=true", "-pl", "mininet/bench", "-am")
    jar = build.REPOSITORY / "mininet" / "bench" / "target" / "benchmarks.jar"
    if not jar.exists():
        raise Trouble("the benchmarks are not built; run without --no-build")
    with tempfile.TemporaryDirectory() as directory:
        result = Path(directory, "result.json")
        words = [str(build.jdk17() / "bin" / "java"), "-jar", str(jar), "--result", str(result)]
        status = subprocess.run(words, check=False).returncode
        if status or not result.exists():
            return {"scenario": "bench core", "passed": False, "why": f"it ended with status {status}"}
        return json.loads(result.read_text())


def _store(console, options):
    """ONOS's distributed maps as stores of associations, in a controller, and the share that they have in a set-up."""
    return storebench.run(console, options)


def _connections(console, options):
    """New connections and bulk, through the application and through what else there is."""
    return connectionsbench.run(console, options)


_KNOWN = {"core": _core, "store": _store, "connections": _connections}
