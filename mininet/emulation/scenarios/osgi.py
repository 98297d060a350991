"""The application is a good citizen of ONOS 2.5 to 2.7: its bundles import ONOS in [2.5,3), its components are
satisfied, and it is deactivated, activated and removed again without a trace of failure.
"""

import io
import re
import zipfile

from emulation import build, topology
from emulation.onos import APPLICATION
from emulation.trouble import Broken
from emulation.waiting import wait_until

_ROUNDS = 3


def play(lab):
    bundles = _bundles(build.oar())
    lab.figures["bundles"] = sorted(bundles)
    _judge_imports(lab, bundles)

    plan = topology.routed(clients=1, ilbs=2, leaves=1, servers=2)
    lab.bring_up(plan)
    _judge_health(lab, bundles)
    for number in range(1, _ROUNDS + 1):
        lab.onos.deactivate(APPLICATION)
        wait_until("the application is deactivated", lambda: not lab.onos.is_active(APPLICATION), 20)
        _await_rest(lab, there=False)
        lab.onos.activate(APPLICATION)
        wait_until("the application is active again", lambda: lab.onos.is_active(APPLICATION), 20)
        _await_rest(lab, there=True)
        # Its configuration stayed with ONOS, so service resumes without anybody's help.
        lab.await_service()
        lab.step(f"deactivated and activated, round {number} of {_ROUNDS}: it serves again")
    _judge_health(lab, bundles)
    lab.uninstall()
    wait_until("ONOS has forgotten the application", lambda: not lab.onos.application(APPLICATION), 20)
    _await_rest(lab, there=False)
    left = lab.cli("bundle:list -t 0 -s")
    if left and any(name in left for name in bundles):
        raise Broken("a bundle of the application is still there after its removal")
    lab.figures["rounds"] = _ROUNDS


def _bundles(oar):
    """The manifests of the bundles in an application archive, by symbolic name."""
    manifests = {}
    with zipfile.ZipFile(oar) as archive:
        for name in archive.namelist():
            if name.endswith(".jar"):
                with zipfile.ZipFile(io.BytesIO(archive.read(name))) as jar:
                    manifest = parse_manifest(jar.read("META-INF/MANIFEST.MF").decode())
                manifests[manifest["Bundle-SymbolicName"].split(";")[0]] = manifest
    return manifests


def parse_manifest(text):
    """The headers of a jar's manifest, continuation lines joined."""
    joined = text.replace("\r\n", "\n").replace("\n ", "")
    return dict(line.split(": ", 1) for line in joined.splitlines() if ": " in line)


def imports(header):
    """The packages of an Import-Package header with their version ranges, None where there is none."""
    found = {}
    for clause in re.findall(r'(?:[^,"]|"[^"]*")+', header):
        package, *attributes = clause.split(";")
        version = next((text for text in attributes if text.strip().startswith("version=")), None)
        found[package.strip()] = version and version.split("=", 1)[1].strip('"')
    return found


def _judge_imports(lab, bundles):
    if not bundles:
        raise Broken("the application's archive holds no bundle")
    checked = 0
    for name, manifest in bundles.items():
        for package, version in imports(manifest.get("Import-Package", "")).items():
            if package == "java" or package.startswith("java."):
                raise Broken(f"{name} imports {package}, which Karaf 4.2 refuses")
            if package.startswith(("org.onosproject.", "org.onlab.")):
                checked += 1
                if version != "[2.5,3)":
                    raise Broken(f"{name} imports {package} in {version}, not in [2.5,3)")
    lab.step(f"{len(bundles)} bundles; their {checked} imports of ONOS packages are all in [2.5,3)")
    lab.figures["onosImports"] = checked


def _judge_health(lab, bundles):
    health = wait_until(
        "ONOS calls the application's components satisfied",
        lambda: "ready" in str(lab.onos.core.get(f"applications/{APPLICATION}/health")).replace("notReady", ""),
        20,
    )
    lab.figures["healthy"] = bool(health)
    listed = lab.cli("bundle:list -t 0 -s")
    if listed is None:
        lab.step("ONOS calls the application healthy")
        return
    for name in bundles:
        states = [line for line in listed.splitlines() if re.search(rf"\b{re.escape(name)}\s*$", line.strip())]
        if not states or not any("Active" in line for line in states):
            raise Broken(f"the bundle {name} is not active: {states[0].strip() if states else 'it is not there'}")
    unsatisfied = re.findall(r"^.*(?:UNSATISFIED|FAILED).*org\.ilb\..*$", lab.cli("scr:list") or "", re.MULTILINE | re.I)
    if unsatisfied:
        raise Broken(f"a component of the application is not satisfied: {unsatisfied[0].strip()}")
    lab.step(f"all {len(bundles)} bundles are active, ONOS calls the application healthy")


def _await_rest(lab, there):
    def answers():
        try:
            lab.onos.ilb.services()
            return True
        except OSError:
            return False

    wait_until(f"the application's REST API is {'there' if there else 'gone'}", lambda: answers() == there, 20)
