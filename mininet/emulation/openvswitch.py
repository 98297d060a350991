"""Open vSwitch: the machine's own where it runs, else a private instance; and what its switches say."""

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

from emulation.isolation import vswitchd_count
from emulation.process import Child, command
from emulation.trouble import Trouble
from emulation.waiting import wait_until

_SCHEMA = Path("/usr/share/openvswitch/vswitch.ovsschema")
OPENFLOW = "OpenFlow13"


class OpenVSwitch:
    """The database and daemon that all bridges of a run live in. Closing it ends what it started."""

    def __init__(self, directory):
        self._directory = Path(directory)
        self._children = []
        self._environment = {}
        if not running(environment={}):
            self._start_private()
        self.datapath = "kernel" if self._kernel_datapath() else "user"

    @property
    def private(self):
        """Whether this instance is ours alone."""
        return bool(self._children)

    @property
    def environment(self):
        """The variables that make the `ovs-*` programs talk to this instance."""
        return dict(self._environment)

    def vsctl(self, *arguments):
        """Runs ovs-vsctl and returns what it prints."""
        return command("ovs-vsctl", "--timeout=20", *arguments, environment=self._environment)

    def ofctl(self, action, bridge, *arguments, stdin=None):
        """Runs ovs-ofctl in the version of OpenFlow that ONOS speaks, and returns what it prints."""
        return command(
            "ovs-ofctl", "-O", OPENFLOW, action, bridge, *arguments, environment=self._environment, stdin=stdin
        )

    def bridges(self):
        """The names of all bridges of this instance, whoever made them."""
        return self.vsctl("list-br").split()

    def flows(self, bridge, *match):
        """The flows of a bridge, as values; `match` narrows them as `ovs-ofctl dump-flows` does."""
        return parse_flows(self.ofctl("dump-flows", bridge, *match))

    def groups(self, bridge):
        """The groups of a bridge, as lines of text."""
        return [line.strip() for line in self.ofctl("dump-groups", bridge).splitlines() if "group_id=" in line]

    def connected(self, bridge):
        """Whether a bridge talks to its controller."""
        controller = self.vsctl("get", "bridge", bridge, "controller").strip().strip("[]")
        return bool(controller) and self.vsctl("get", "controller", controller, "is_connected").strip() == "true"

    def processor_seconds(self):
        """The processor's time that the daemon has taken, in all its threads; a datapath in the kernel is not in it."""
        pid = (Path(self._environment.get("OVS_RUNDIR", "/var/run/openvswitch")) / "ovs-vswitchd.pid").read_text().strip()
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        """Ends the private instance, if there is one."""
        for child in reversed(self._children):
            child.stop()
        self._children = []

    def _start_private(self):
        if not shutil.which("ovs-vswitchd"):
            raise Trouble("Open vSwitch is not installed (Debian package openvswitch-switch)")
        directory = self._directory
        directory.mkdir(parents=True, exist_ok=True)
        self._environment = {"OVS_RUNDIR": str(directory), "OVS_LOGDIR": str(directory), "OVS_DBDIR": str(directory)}
        database = directory / "conf.db"
        if not database.exists():
            command("ovsdb-tool", "create", str(database), str(_SCHEMA))
        socket = directory / "db.sock"
        try:
            self._children.append(
                Child(
                    ["ovsdb-server", str(database), f"--remote=punix:{socket}", "--pidfile", "--no-chdir", "-vconsole:off"]
                    + [f"--log-file={directory}/ovsdb-server.log"],
                    environment=self._environment,
                )
            )
            wait_until("the private Open vSwitch database answers", socket.exists, seconds=10)
            command("ovs-vsctl", "--no-wait", "--timeout=10", "init", environment=self._environment)
            self._children.append(
                Child(
                    ["ovs-vswitchd", f"unix:{socket}", "--pidfile", "--no-chdir", "-vconsole:off"]
                    + [f"--log-file={directory}/ovs-vswitchd.log"],
                    environment=self._environment,
                )
            )
            wait_until("the private Open vSwitch daemon answers", lambda: running(self._environment), seconds=10)
        except BaseException:
            self.close()
            raise

    def _kernel_datapath(self):
        # A second daemon on the kernel's one datapath would delete the first one's ports.
        if self.private and vswitchd_count() > 1:
            return False
        if shutil.which("modprobe"):
            subprocess.run(["modprobe", "-q", "openvswitch"], check=False, capture_output=True)
        found = subprocess.run(["ovs-dpctl", "dump-dps"], check=False, capture_output=True)
        return found.returncode == 0


def running(environment):
    """Whether the daemon of the instance that these variables name answers; none name the machine's own."""
    full = {**os.environ, **environment}
    try:
        found = subprocess.run(
            ["ovs-appctl", "--timeout=3", "-t", "ovs-vswitchd", "version"], env=full, check=False, capture_output=True
        )
        return found.returncode == 0
    except FileNotFoundError:
        return False


@dataclasses.dataclass(frozen=True)
class Flow:
    """One flow of a switch as `ovs-ofctl dump-flows` shows it."""

    table: int
    priority: int
    cookie: int
    packets: int
    bytes: int
    match: dict
    actions: str

    @property
    def punts(self):
        """Whether packets of this flow go to the controller."""
        return "CONTROLLER" in self.actions


_FLOW = re.compile(r"^\s*cookie=(0x[0-9a-f]+), .*?table=(\d+), n_packets=(\d+), n_bytes=(\d+), (.*)actions=(.*)$")
_FLAG_WORDS = {"send_flow_rem", "check_overlap", "reset_counts", "no_packet_counts", "no_byte_counts"}


def parse_flows(text):
    """Reads the output of `ovs-ofctl -O OpenFlow13 dump-flows`."""
    flows = []
    for line in text.splitlines():
        found = _FLOW.match(line)
        if not found:
            continue
        cookie, table, packets, octets, middle, actions = found.groups()
        match, priority = {}, 32768
        words = [word for word in middle.split() if word.rstrip(",") not in _FLAG_WORDS]
        for term in re.split(r",(?![^()]*\))", ",".join(words)):
            name, separator, value = term.strip().partition("=")
            if name == "priority":
                priority = int(value)
            elif name in ("idle_timeout", "hard_timeout", "idle_age", "hard_age", "importance", ""):
                continue
            else:
                match[name] = value if separator else ""
        flows.append(Flow(int(table), priority, int(cookie, 16), int(packets), int(octets), match, actions.strip()))
    return flows
