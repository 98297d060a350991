"""What a run leaves on the machine while it lasts, written down so that other commands find it.

`shell` and `cli` look up a kept run; `clean` takes away what a killed one left. One file per tag, readable by
root only, because it holds the controller's password.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

from emulation import isolation
from emulation.trouble import Trouble

_DIRECTORY = Path("/run/ilb")


def path(tag):
    return _DIRECTORY / f"{tag or 'default'}.json"


def write(tag, facts):
    """Notes the facts of this run under its tag."""
    _DIRECTORY.mkdir(mode=0o700, exist_ok=True)
    file = path(tag)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump({"launcher": os.getpid(), "started": _start_time(os.getpid()), **facts}, stream, indent=2)


def read(tag):
    """The facts of the run under a tag, None where there is none."""
    try:
        return json.loads(path(tag).read_text())
    except (FileNotFoundError, ValueError):
        return None


def forget(tag):
    path(tag).unlink(missing_ok=True)


def alive(facts):
    """Whether the run that wrote these facts still goes on."""
    return _start_time(facts["launcher"]) == facts["started"]


def running(tag):
    """The facts of a run that goes on; says so where there is none."""
    facts = read(tag)
    if not facts or not alive(facts):
        raise Trouble("nothing is running; start something with --keep, e.g. `sudo mininet/run demo --keep`")
    return facts


def refuse_second(tag):
    """Two runs under one tag would take each other's names."""
    facts = read(tag)
    if not facts:
        return
    if alive(facts):
        raise Trouble(
            f"another run goes on (process {facts['launcher']}); wait for it, or give this one a --tag of its own"
        )
    if any(exists(name) for name in _devices(facts)) or _has_bridge(facts):
        option = f" --tag {tag}" if tag else ""
        raise Trouble(f"a killed run left its bridges behind; `sudo mininet/run clean{option}` takes them away")
    clean(tag)


def clean(tag):
    """Takes away what the facts of a dead run name; returns what was found."""
    facts = read(tag)
    if not facts:
        return []
    if alive(facts):
        raise Trouble(f"the run of process {facts['launcher']} goes on; end it with Ctrl-C, then there is nothing to clean")
    removed = []
    if not facts.get("openvswitch"):  # the machine's own Open vSwitch outlives a run, a private one does not
        for bridge in facts.get("bridges", []):
            if _has_bridge({"bridges": [bridge]}):
                _quietly("ovs-vsctl", "--timeout=10", "--if-exists", "del-br", bridge)
                removed.append(bridge)
    for device in _devices(facts):
        if exists(device):
            _quietly("ip", "link", "del", device)
            removed.append(device)
    directory = facts.get("directory", "")
    if directory.startswith("/var/tmp/ilb-"):
        shutil.rmtree(directory, ignore_errors=True)
    forget(tag)
    return removed


def exists(interface):
    return interface in isolation.interfaces()


def _devices(facts):
    """The network devices that a killed run may have left: cables, and what a private Open vSwitch makes."""
    devices = list(facts.get("interfaces", []))
    if facts.get("openvswitch"):
        devices += facts.get("bridges", [])
        if not isolation.vswitchd_count():
            devices.append(isolation.USER_SPACE_DEVICE)
    return devices


def _has_bridge(facts):
    if facts.get("openvswitch"):
        return False
    return any(_quietly("ovs-vsctl", "--timeout=3", "br-exists", bridge) for bridge in facts.get("bridges", []))


def _quietly(*words):
    return subprocess.run(words, check=False, capture_output=True).returncode == 0


def _start_time(pid):
    """When a process started, in clock ticks since boot; None where there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return stat.rpartition(")")[2].split()[19]
