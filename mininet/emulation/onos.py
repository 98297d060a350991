"""ONOS's REST API, as far as a run needs it, and the application's own beneath it."""

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from emulation.waiting import wait_until

APPLICATION = "org.ilb"
# The key that the application's configuration has in ONOS's network configuration.
_CONFIGURATION = f"network/configuration/apps/{APPLICATION}/ilb"


class Refused(OSError):
    """ONOS answered with an error; `status` is HTTP's and `text` what it said."""

    def __init__(self, method, url, status, text):
        super().__init__(f"{method} {url} was answered with {status}: {text[:300]}")
        self.status = status
        self.text = text


class Rest:
    """JSON over HTTP with a name and a password. Thread-safe: it keeps no connection."""

    def __init__(self, base, user, password, seconds=30):
        self.base = base.rstrip("/")
        self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._seconds = seconds

    def get(self, path):
        return self.call("GET", path)

    def call(self, method, path, body=None, content_type="application/json", headers=None):
        """Calls and returns the answer's JSON, or its text where it is none."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/{path}", data=data, method=method)
        request.add_header("Authorization", self._authorization)
        request.add_header("Accept", "application/json")
        if data is not None:
            request.add_header("Content-Type", content_type)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as answer:
                status, text = answer.status, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            raise Refused(method, request.full_url, error.code, error.read().decode("utf-8", "replace")) from None
        if status == 207:  # what ONOS says when it took only part of what it was given
            raise Refused(method, request.full_url, status, text)
        try:
            return json.loads(text) if text else None
        except ValueError:
            return text


class Onos:
    """One ONOS: its applications, devices, flows and network configuration; and the ILB application's REST API."""

    def __init__(self, base, user, password):
        self.base = base.rstrip("/")
        self._who = user, password
        self.core = self.beside("v1")
        self.ilb = IlbRest(self.beside("ilb/v1"))

    def beside(self, path):
        """The REST API of any application, by its path beneath ONOS's own."""
        return Rest(f"{self.base}/{path}", *self._who)

    # applications

    def application(self, name):
        """An application's entry, None where ONOS does not know it."""
        try:
            return self.core.get(f"applications/{name}")
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def is_active(self, name):
        entry = self.application(name)
        return bool(entry) and entry.get("state") == "ACTIVE"

    def install(self, oar):
        """Installs an .oar and activates it."""
        self.core.call("POST", "applications?activate=true", Path(oar).read_bytes(), "application/octet-stream")

    def uninstall(self, name):
        """Deactivates and removes an application, and waits until it can be installed again; nothing happens where it is not.

        ONOS waits two seconds for an application to be deactivated, answers, and goes on.
        """
        if self.application(name):
            self.core.call("DELETE", f"applications/{name}")
            wait_until(f"ONOS has removed {name}", lambda: not self.application(name) and not self._has_bits(name), 60)

    def _has_bits(self, name):
        """Whether ONOS still keeps the archive of an application, and would refuse another."""
        try:
            self.core.call("GET", f"applications/{name}/bits", headers={"Accept": "application/octet-stream"})
        except Refused:
            return False
        return True

    def activate(self, name):
        self.core.call("POST", f"applications/{name}/active")

    def deactivate(self, name):
        self.core.call("DELETE", f"applications/{name}/active")

    # network configuration

    def configure(self, configuration):
        """Gives the ILB application its configuration; raises Refused with ONOS's words where it is wrong."""
        self.core.call("POST", "network/configuration", {"apps": {APPLICATION: {"ilb": configuration}}})

    def configuration(self):
        """The ILB application's configuration in force, None where there is none."""
        try:
            return self.core.get(_CONFIGURATION)
        except Refused as refused:
            if refused.status == 404:
                return None
            raise

    def unconfigure(self):
        """Takes the ILB application's configuration away, also where the application is gone already."""
        try:
            self.core.call("DELETE", _CONFIGURATION)
        except Refused as refused:
            if refused.status != 404:
                raise

    def configured_devices(self):
        """The devices that have entries in ONOS's network configuration; its own services make some."""
        return set(self.core.get("network/configuration").get("devices", {}))

    def unconfigure_device(self, device):
        """Removes a device's entries from the network configuration."""
        self.core.call("DELETE", f"network/configuration/devices/{device}")

    # network

    def devices(self):
        """The devices that are available, as a dictionary by id."""
        return {device["id"]: device for device in self.core.get("devices")["devices"] if device["available"]}

    def ports(self, device):
        return self.core.get(f"devices/{device}/ports")["ports"]

    def links(self):
        """The links as pairs of (device, port)."""
        return {
            ((link["src"]["device"], str(link["src"]["port"])), (link["dst"]["device"], str(link["dst"]["port"])))
            for link in self.core.get("links")["links"]
            if link.get("state", "ACTIVE") == "ACTIVE"
        }

    def hosts(self):
        return self.core.get("hosts")["hosts"]

    def forget_host(self, host_id):
        mac, _, vlan = host_id.partition("/")
        self.core.call("DELETE", f"hosts/{urllib.parse.quote(mac)}/{vlan}")

    def forget_device(self, device):
        """Removes a device that is gone, and with it its ports and links."""
        try:
            self.core.call("DELETE", f"devices/{device}")
        except Refused as refused:
            if refused.status != 404:
                raise

    # flows and groups

    def flows(self, device):
        try:
            return self.core.get(f"flows/{device}")["flows"]
        except Refused as refused:
            if refused.status == 404:  # no flows at all
                return []
            raise

    def add_flow(self, device, application, priority, selector, treatment, table=0):
        """Adds a permanent flow; selector and treatment are lists of ONOS's JSON objects."""
        flow = {
            "priority": priority,
            "timeout": 0,
            "isPermanent": True,
            "deviceId": device,
            "tableId": table,
            "selector": {"criteria": selector},
            "treatment": {"instructions": treatment},
        }
        self.core.call("POST", f"flows/{device}?appId={application}", flow)

    def remove_flows_of(self, application):
        self.core.call("DELETE", f"flows/application/{application}")

    def groups(self, device):
        return self.core.get(f"groups/{device}")["groups"]


class IlbRest:
    """What the application's REST API shows."""

    _PAGE = 1000

    def __init__(self, rest):
        self._rest = rest

    def raw(self, path):
        """What a path answers, as it is."""
        return self._rest.get(path)

    def services(self):
        return self._rest.get("services")["services"]

    def service(self, name):
        return self._rest.get(f"services/{urllib.parse.quote(name)}")

    def buckets(self, name):
        """The buckets of a service, by their index, and the summary before them."""
        return self._rest.get(f"services/{urllib.parse.quote(name)}/buckets")

    def ilbs(self):
        return self._rest.get("ilbs")["ilbs"]

    def settings(self):
        return self._rest.get("settings")

    def view(self):
        """The view in force: its number, and who is in."""
        return self._rest.get("view")

    def counters(self):
        """What was counted since the application was activated."""
        return self._rest.get("counters")["counters"]

    def statistics(self):
        """What services, their servers and ILBs have had to do since then."""
        return self._rest.get("statistics")

    def connections(self):
        """All associations by their connections: the client's and the service's ends."""
        found, offset = {}, 0
        while True:
            entries = self._rest.get(f"associations?offset={offset}&limit={self._PAGE}")["associations"]
            for entry in entries:
                found[end(entry["source"]), end(entry["destination"])] = entry
            offset += len(entries)
            if len(entries) < self._PAGE:
                return found

    def associations(self):
        """All associations by the client's address and port; enough where there is one service."""
        return {source: entry for (source, _), entry in self.connections().items()}

    def elect(self, destination, source):
        """Owner, backup and scores of a connection; both ends are `address:port`."""
        return self._rest.get(f"elect?destination={destination}&source={source}")


def end(text):
    """An end of a connection, `address:port`, as a pair."""
    address, _, port = text.rpartition(":")
    return address.strip("[]"), int(port)
