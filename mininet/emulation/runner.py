"""Runs scenarios: one by itself, or all of them after the unit tests; and says how it went."""

import json
import os
import shutil
import time
import traceback
import unittest
from pathlib import Path

from emulation import build, scenarios, state
from emulation.controller import refuse_taken_ports
from emulation.lab import Lab, Session
from emulation.trouble import Broken, Trouble

# How much of what the application complained of is said where a scenario failed.
_LOGGED = 8


def run_one(console, options):
    """Runs the scenario of the command line; returns the exit status."""
    name = options.command
    try:
        module = scenarios.load(name)
        if options.onos and getattr(module, "EMBEDDED_ONLY", False):
            raise Trouble(f"the scenario {name} needs a controller that it may end, so not one of --onos")
        if absent(module):
            raise Trouble(f"the scenario {name} needs {absent(module)}, which is not installed")
        refuse_taken_ports(options)
        state.refuse_second(options.tag)
        if not options.no_build:
            build.ensure(console)
        with Session(console, options) as session:
            result = _play(session, name, module, keep=options.keep)
    except Trouble as trouble:
        # Nothing was tried; whoever waits for the result file still finds out.
        _write(options.result, {"scenario": name, "passed": False, "why": str(trouble)})
        raise
    except KeyboardInterrupt:
        result = {"scenario": name, "passed": False, "why": "it was interrupted"}
    _write(options.result, result)
    if not options.keep or result["why"] == "it was interrupted":
        _tell_complaints(console, result)
        console.line(_verdict(result))
    return 0 if result["passed"] else 1


def run_all(console, options):
    """Builds from clean and runs everything; the last line is `N passed, N failed`."""
    passed, failures = 0, []
    wanted = options.only.split(",") if options.only else scenarios.names()
    unknown = [name for name in wanted if name not in scenarios.names()]
    if unknown:
        raise Trouble(f"unknown scenario '{unknown[0]}'; see mininet/run list")
    refuse_taken_ports(options)
    state.refuse_second(options.tag)

    if not options.no_build:
        (java_passed, java_failed, java_skipped), problem = build.everything(console)
        passed += java_passed
        failures += [f"java: {name}" for name in java_failed]
        failures += [f"java: {problem}"] if problem else []
        console.step(f"Java tests: {java_passed} passed, {len(java_failed)} failed, {java_skipped} skipped")

    python_passed, python_failed = _unit_tests()
    passed += python_passed
    failures += [f"python: {name}" for name in python_failed]
    console.step(f"Python tests: {python_passed} passed, {len(python_failed)} failed")

    results = _scenarios(console, options, wanted)
    for result in results:
        if result["passed"]:
            passed += 1
        else:
            failures.append(f"scenario {result['scenario']}: {result['why']}")
    _write(options.result, {"passed": passed, "failed": len(failures), "failures": failures, "scenarios": results})
    console.line()
    for result in results:
        _tell_complaints(console, result)
    for failure in failures:
        console.line(f"FAILED {failure}")
    console.line(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def _scenarios(console, options, wanted):
    """All scenarios in one session, so that they share a controller; a failed one costs it."""
    results = []
    try:
        with Session(console, options) as session:
            for name in wanted:
                console.line()
                console.line(f"--- {name}: {scenarios.promise(name)}")
                module = scenarios.load(name)
                if options.onos and getattr(module, "EMBEDDED_ONLY", False):
                    console.step("left out: it needs a controller that it may end")
                    continue
                missing = absent(module)
                if missing:
                    console.step(f"left out: it needs {missing}, which is not installed")
                    continue
                results.append(_play(session, name, module))
                console.line(_verdict(results[-1]))
                if not results[-1]["passed"]:
                    session.drop_controller()
    except Trouble as trouble:
        tried = {result["scenario"] for result in results}
        results += [
            {"scenario": name, "passed": False, "why": str(trouble)} for name in wanted if name not in tried
        ]
    return results


def absent(module):
    """The first program that a scenario needs by `NEEDS`, beside what all of them need, and that is not installed; else None."""
    return next((name for name in getattr(module, "NEEDS", ()) if not shutil.which(name)), None)


def _play(session, name, module, keep=False):
    """Plays one scenario and takes it down again; every end of it is a result."""
    console = session.console
    lab = Lab(session, name)
    begin, why, tried = time.monotonic(), None, True
    try:
        module.play(lab)
    except Broken as broken:
        why = str(broken)
    except Trouble as trouble:
        why, tried = str(trouble), False
    except OSError as error:
        why = f"{type(error).__name__}: {error}" if not str(error) else str(error)
    except KeyboardInterrupt:
        console.step("interrupted; cleaning up")
        lab.close()
        raise
    except Exception as error:  # a mistake in the scenario is its failure, not the end of all others
        traceback.print_exc()
        why = f"the scenario itself is wrong: {type(error).__name__}: {error}"
    if why and tried:
        _tell_where(console, lab.autopsy())
    result = {
        "scenario": name,
        "passed": why is None,
        "why": why or "",
        "seconds": round(time.monotonic() - begin, 1),
        **lab.figures,
    }
    if keep:
        _keep_running(session, lab, result)
    problems = lab.close()
    if problems:
        console.step(f"not all was taken away: {'; '.join(problems)}")
        if result["passed"]:
            result.update(passed=False, why=f"it left something behind: {problems[0]}")
    errors = lab.complaints("ERROR")
    if errors and result["passed"]:
        result.update(passed=False, why=f"the application logged an error: {errors[0]}")
    if not result["passed"]:
        result["log"] = lab.complaints("ERROR", "WARN")[-_LOGGED:]
        if why is None:  # it went wrong after the end
            _tell_where(console, lab.keep_logs())
    return result


def _tell_where(console, directory):
    console.step(f"what may explain it is in {os.path.relpath(directory)}")


def _tell_complaints(console, result):
    for line in result.get("log", ()):
        console.line(f"{result['scenario']}: {line}")


def _keep_running(session, lab, result):
    """Leaves everything as it is until Ctrl-C, with hints of what to try."""
    console = session.console
    known = session.controller().description if lab.controller else {}
    console.line()
    console.line("It goes on running until Ctrl-C. From another terminal, try:")
    tag = f" --tag {session.options.tag}" if session.options.tag else ""
    bridge = f"{session.options.tag}ilb1"
    hints = [("shell client1", f"curl -s http://{lab.vip}/" if lab.network else "ip address")]
    hints.append(("shell", f"ovs-ofctl -O OpenFlow13 dump-flows {bridge}"))
    if known.get("ssh"):
        hints.append(("cli", "ilb-services"))
    password = f" -u '{known['user']}:{known['password']}'" if known.get("password") else ""
    ask = f"curl -s{password} {known.get('rest')}/ilb/v1/services"
    if known and session.isolated:
        hints.append(("shell", ask))
    for command, then in hints:
        console.line(f"  sudo mininet/run {command}{tag}".ljust(46) + f"then: {then}")
    if known:
        if not session.isolated:
            console.line(f"  {ask}")
            console.line(f"  a browser at {known['rest']}/ilb/")
        if password:
            console.line(f"user {known['user']}, password {known['password']}; switches connect to {known['openflow']}")
    console.line(_verdict(result))
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        console.step("cleaning up")


def _unit_tests():
    """This package's own unit tests: (number passed, names of those that failed)."""
    top = Path(__file__).resolve().parent
    suite = unittest.TestLoader().discover(str(top / "tests"), top_level_dir=str(top.parent))
    result = unittest.TextTestRunner(verbosity=0).run(suite)
    failed = [str(test) for test, _ in [*result.failures, *result.errors]]
    return result.testsRun - len(failed) - len(result.skipped), failed


def _verdict(result):
    return f"{result['scenario']}: PASS" if result["passed"] else f"{result['scenario']}: FAIL {result['why']}"


def _write(file, result):
    if file:
        Path(file).write_text(json.dumps(result, indent=2) + "\n")
