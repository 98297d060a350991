"""The command line behind `mininet/run`, which has seen to root and packages and explains itself with --help."""

import argparse
import os
import signal
import sys
import textwrap
from pathlib import Path

from emulation import bench, cli, runner, scenarios, state
from emulation.console import Console
from emulation.trouble import Trouble

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments):
    options = _parse(arguments)
    # Whoever ends a run by SIGTERM or by closing the terminal gets the same clean-up as by Ctrl-C.
    for number in _ENDINGS:
        signal.signal(number, _interrupt)
    commands = {
        "list": _list,
        "test": lambda: runner.run_all(Console(), options),
        "bench": lambda: bench.run(Console(), options),
        "shell": lambda: _shell(options),
        "cli": lambda: _cli(options),
        "clean": lambda: _clean(options),
    }
    try:
        _check(options)
        if options.command in commands:
            return commands[options.command]()
        return runner.run_one(Console(), options)
    except Trouble as trouble:
        print(f"mininet/run: {trouble}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


class _Parser(argparse.ArgumentParser):
    """Errors are one sentence and a pointer, not a page of usage."""

    def error(self, message):
        print(f"mininet/run: {message}; see mininet/run --help", file=sys.stderr)
        sys.exit(2)


def _parse(arguments):
    parser = _Parser(prog="mininet/run", add_help=False, allow_abbrev=False)
    parser.add_argument("command")
    parser.add_argument("host", nargs="?")
    parser.add_argument("--no-install", action="store_true")
    parser.add_argument("--no-build", action="store_true")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--result")
    parser.add_argument("--onos")
    parser.add_argument("--openflow")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--tag", default="")
    parser.add_argument("--only")
    parser.add_argument("--quick", action="store_true")
    for name in ("rest-port", "openflow-port"):
        parser.add_argument(f"--{name}", type=_number(1, 65535))
    for name in ("clients", "ilbs", "leaves", "servers", "requests", "seconds"):
        parser.add_argument(f"--{name}", type=_number(1, 1000000))
    return parser.parse_args(arguments)


def _number(lowest, highest):
    def parse(text):
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(f"'{text}' is no number from {lowest} to {highest}")
        return int(text)

    return parse


def _check(options):
    """What can be said to be wrong before anything is started."""
    if options.command not in {"list", "test", "bench", "shell", "cli", "clean", *scenarios.names()}:
        raise Trouble(f"unknown scenario '{options.command}'; see mininet/run list")
    if options.host and options.command != "shell":
        raise Trouble(f"'{options.host}' is one word too many; see mininet/run --help")
    if not (len(options.tag) <= 3 and (options.tag.isalpha() and options.tag.isascii() or not options.tag)):
        raise Trouble(f"the tag '{options.tag}' is not one to three letters")
    if options.onos:
        missing = [name for name in ("openflow", "user", "password") if not getattr(options, name)]
        if missing:
            raise Trouble(f"--onos needs --{missing[0]}, too")
        if not options.onos.startswith(("http://", "https://")):
            raise Trouble(f"--onos takes a URL such as http://10.1.2.3:8181/onos, not '{options.onos}'")
        host, _, port = options.openflow.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise Trouble(f"--openflow takes HOST:PORT such as 10.1.2.3:6653, not '{options.openflow}'")
    elif options.openflow or options.user or options.password:
        raise Trouble("--openflow, --user and --password go with --onos")
    if options.result:
        directory = Path(options.result).resolve().parent
        if not directory.is_dir() or Path(options.result).is_dir():
            raise Trouble(f"--result names no file that can be written: {options.result}")


def _list():
    width = max(map(len, scenarios.names()))
    for name in scenarios.names():
        text = textwrap.wrap(scenarios.promise(name), 110 - width)
        print(f"{name.ljust(width)}  " + f"\n{' ' * (width + 2)}".join(text))
    return 0


def _shell(options):
    """Replaces this process by a shell, on a host of a kept run or beside its switches."""
    facts = state.running(options.tag)
    environment = {**os.environ, **facts.get("openvswitch", {})}
    known = facts.get("controller", {})
    for variable, name in (("ONOS_URL", "rest"), ("ONOS_USER", "user"), ("ONOS_PASSWORD", "password")):
        environment[variable] = str(known.get(name) or "")
    if not options.host:
        environment["PS1"] = "ilb# "
        words = [*_beside(facts), "bash", "--norc"]
        os.execvpe(words[0], words, environment)
    hosts = facts.get("hosts", {})
    if options.host not in hosts:
        raise Trouble(f"there is no host '{options.host}'; there are {', '.join(hosts) or 'none'}")
    environment["PS1"] = f"{options.host}# "
    os.execvpe("mnexec", ["mnexec", "-a", str(hosts[options.host]), "bash", "--norc"], environment)


def _cli(options):
    """Replaces this process by an SSH client that talks to the kept controller's command line."""
    facts = state.running(options.tag)
    words, environment = cli.ssh(facts.get("controller", {}), facts["directory"])
    words = [*_beside(facts), *words]
    os.execvpe(words[0], words, {**os.environ, **environment})


def _beside(facts):
    """The words that run a command in the network namespace of a run, which may be one of its own."""
    return ["nsenter", "--target", str(facts["launcher"]), "--net"]


def _clean(options):
    removed = state.clean(options.tag)
    print(f"removed: {', '.join(removed)}" if removed else "nothing was left behind")
    return 0


def _interrupt(*_):
    # The clean-up that follows is not to be interrupted in turn.
    for number in _ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
