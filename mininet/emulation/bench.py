"""Benchmarks: figures for `docs/performance.md`, never tests that may fail for a busy machine."""

import subprocess

from emulation import build
from emulation.trouble import Trouble

_KNOWN = ("core",)


def run(console, options):
    """Runs the benchmarks that the command line names, all of them by default."""
    wanted = options.only.split(",") if options.only else list(_KNOWN)
    unknown = [name for name in wanted if name not in _KNOWN]
    if unknown:
        raise Trouble(f"unknown benchmark '{unknown[0]}'; there are {', '.join(_KNOWN)}")
    return _core(console, options)


def _core(console, options):
    """The decision core by JMH, in a process of its own."""
    if not options.no_build:
        console.step("building the benchmarks")
        build.maven(console, "install", "-Dmaven.test.skip=true", "-pl", "mininet/bench", "-am")
    jar = build.REPOSITORY / "mininet" / "bench" / "target" / "benchmarks.jar"
    if not jar.exists():
        raise Trouble("the benchmarks are not built; run without --no-build")
    words = [str(build.jdk17() / "bin" / "java"), "-jar", str(jar)]
    if options.result:
        words += ["--result", options.result]
    return subprocess.run(words, check=False).returncode
