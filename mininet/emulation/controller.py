"""The controller of a run: the embedded one, started and ended here, or an ONOS that is already there."""

import json
import os
import signal
import socket
from pathlib import Path

from emulation import build
from emulation.onos import Onos, Refused
from emulation.process import Child
from emulation.trouble import Trouble

# A cold start on two busy cores; the controller itself gives up after 90 s and says why.
_START_SECONDS = 120


class EmbeddedController:
    """A real ONOS core, in a process of its own, with its state in a directory of the run."""

    embedded = True

    def __init__(self, home, console, rest_port=None, openflow_port=None):
        self.home = Path(home)
        self._console = console
        self._ports = {"--rest-port": rest_port, "--openflow-port": openflow_port}
        if not (build.CONTROLLER / "bin" / "controller").exists():
            raise Trouble("the embedded controller is not built; run without --no-build")
        self._child = None
        self._known = {}
        self.start()

    @property
    def onos(self):
        """Its REST API."""
        return Onos(self._known["rest"], self._known["user"], self._known["password"])

    @property
    def openflow(self):
        """Where switches connect to, `host:port`."""
        return self._known["openflow"]

    @property
    def description(self):
        """What a person or another command needs to talk to it."""
        return dict(self._known)

    @property
    def log(self):
        return self.home / "controller.log"

    def start(self):
        """Starts it, with what it remembers of earlier starts, and waits until it is ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        ready = self.home / "ready"
        ready.unlink(missing_ok=True)
        words = [str(build.CONTROLLER / "bin" / "controller"), "--home", str(self.home)]
        for option, port in self._ports.items():
            if port is not None:
                words += [option, str(port)]
        with open(self.log, "ab") as log:
            self._child = Child(words, environment={"JAVA_HOME": str(build.jdk17())}, stdout=log, stderr=log)
        try:
            self._await(ready)
            self._known = json.loads((self.home / "controller.json").read_text())
        except BaseException:
            self.stop()
            raise
        # A restarted controller must be where the switches look for it.
        self._ports = {
            "--rest-port": int(self._known["rest"].rsplit(":", 1)[1].split("/")[0]),
            "--openflow-port": int(self._known["openflow"].rsplit(":", 1)[1]),
        }

    def stop(self, kill=False):
        """Ends it in order, or without warning."""
        if not self._child:
            return
        if kill and self._known:
            self._child.signal(signal.SIGKILL)
        self._child.stop(seconds=30)
        self._child = None

    close = stop

    def pause(self):
        """Stops its process where it stands; switches and connections notice nothing but silence."""
        os.kill(self._known["pid"], signal.SIGSTOP)

    def resume(self):
        """Lets a paused process go on."""
        os.kill(self._known["pid"], signal.SIGCONT)

    def _await(self, ready):
        waited = 0
        while not ready.exists():
            status = self._child.wait(0.25)
            if status is not None:
                raise Trouble(f"the embedded controller did not start: {self._last_words()}")
            waited += 0.25
            if waited >= _START_SECONDS:
                raise Trouble(f"the embedded controller was not ready after {_START_SECONDS} s: {self._last_words()}")
            if waited % 10 == 0:
                self._console.step(f"the controller is still starting ({waited:.0f} s)")

    def _last_words(self):
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return "\n  ".join(["", *lines[-15:]]) if lines else "it said nothing"


class ForeignController:
    """An ONOS that runs already. What a run activates there it deactivates at the end."""

    embedded = False
    _NEEDED = ("openflow", "hostprovider", "lldpprovider", "drivers")

    def __init__(self, url, openflow, user, password, console):
        self.onos = Onos(url, user, password)
        self.openflow = openflow
        self._activated = []
        try:
            self.onos.devices()
        except Refused as refused:
            if refused.status in (401, 403):
                raise Trouble(f"the ONOS at {url} does not accept the user {user} with this password") from None
            raise Trouble(f"what answers at {url} is no ONOS: it says {refused.status} to /v1/devices") from None
        except OSError as error:
            raise Trouble(f"no ONOS answers at {url}: {error}") from None
        host, _, port = openflow.rpartition(":")
        for name in self._NEEDED:
            self._activate(f"org.onosproject.{name}", console)
        try:
            socket.create_connection((host, int(port)), timeout=10).close()
        except OSError as error:
            self.close()
            raise Trouble(f"nobody takes OpenFlow connections at {openflow}: {error}") from None

    @property
    def description(self):
        return {"rest": self.onos.base, "openflow": self.openflow, "ssh": None}

    def close(self):
        """Deactivates what was activated, last first."""
        while self._activated:
            self.onos.deactivate(self._activated.pop())

    def _activate(self, name, console):
        entry = self.onos.application(name)
        # An ONOS that has the providers without applications of these names (the embedded one) needs nothing.
        if entry and entry.get("state") != "ACTIVE":
            console.step(f"activating {name}")
            self.onos.activate(name)
            self._activated.append(name)


def karaf_logs(directory):
    """What the OSGi containers of the embedded controllers beneath a directory have logged."""
    return sorted(directory.glob("**/karaf.log"))


def refuse_taken_ports(options):
    """Says so where a port that the command line asks for is taken."""
    for option in ("rest_port", "openflow_port"):
        port = getattr(options, option)
        if port is not None and not _free(port):
            name = option.replace("_", "-")
            raise Trouble(f"port {port}, asked for with --{name}, is taken by another program")


def _free(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False
