"""An operator looks at the live page in a browser: it shows an ILB's loss within seconds, and its return, finds connections, and
drains and enables a server by mouse and by keyboard; REST agrees, nobody's change is lost, no connection breaks, and the browser
has nothing to complain about.

Chromium without a screen, driven as by a person: it clicks and types where the page is. Nothing is loaded from elsewhere, and nobody
who is not known sees anything.
"""

import secrets
import time
import urllib.error
import urllib.request

from emulation import build, topology
from emulation.browser import Browser
from emulation.crowd import Crowd
from emulation.trouble import Broken
from emulation.waiting import wait_until

NEEDS = ("chromium", "chromedriver")
_CONNECTIONS = 200
_RATE = 20
# The view changes when the switch's connection ends; then the page has a snapshot each second.
_SHOWN_WITHIN = 4.0
# For the rates to settle before the picture is taken.
_PAUSE = 3
_ENTER = "\ue007"


def play(lab):
    plan = lab.routed_plan()
    lab.bring_up_lasting(plan, secrets.token_hex(8), weights=[3, 2, 2, 1], health={"kind": "tcp", "fall": 10})
    crowd = Crowd(lab, connections=_CONNECTIONS, rate=0)
    address = f"{lab.onos.base}/ilb/"
    _judge_strangers(address)
    browser = Browser(lab.directory / "browser", 1280, 1150)
    lab.later(browser.close)
    _open(lab, browser, address)
    _judge_ownership(lab, browser)
    arrivals = lab.traffic("steady", rate=_RATE, timeout=20)
    _search(lab, browser)
    _lose_an_ilb(lab, browser)
    _drain_a_server(lab, browser)
    strangers = [
        name for name in browser.run("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        if not name.startswith(address)
    ]  # fmt: skip
    if strangers:
        raise Broken(f"the page asks for what is not its own: {strangers[0]}")
    complaints = browser.complaints()
    _come_second(lab, browser)
    _get_the_ilb_back(lab, browser)
    lab.figures["complaints"] = complaints
    arrivals.stop()
    failed = [record for record in arrivals.records() if record["error"]]
    crowd.end()
    lab.figures.update(newConnections=len(arrivals.records()), brokenNew=len(failed))
    if failed:
        raise Broken(f"{len(failed)} new connections failed, the first of them: {failed[0]['error']}")
    if complaints:
        raise Broken(f"the browser complains: {complaints[0]}")


def _get_the_ilb_back(lab, browser):
    """The switch starts again, and the page shows that, too. (ONOS would keep the rules of a switch that is gone, and give them to
    the next scenario's.)"""
    leaver = lab.plan.ilbs[0]
    since = time.monotonic()
    lab.network.revive_switch(leaver, lab.controller.openflow)
    wait_until(
        f"the page shows that {leaver.name} is in again",
        lambda: browser.run(
            f"return !document.querySelector('.picture .ilb[data-ilb=\"{leaver.ilb_id}\"]').classList.contains('away')"
        ),
        30,
    )
    took = time.monotonic() - since
    lab.figures["returnShownMillis"] = round(1000 * took)
    lab.step(f"{leaver.name} started again; the page shows that after {1000 * took:.0f} ms")


def _judge_strangers(address):
    """Who does not say who he is gets nothing: not the page, not its files, not the stream."""
    for path in ("", "index.html", "page/main.js", "events"):
        try:
            with urllib.request.urlopen(address + path, timeout=10):
                raise Broken(f"{address}{path} is answered to everybody")
        except urllib.error.HTTPError as error:
            if error.code != 401:
                raise Broken(f"{address}{path} is answered with {error.code} to somebody unknown, not with 401") from None


def _open(lab, browser, address):
    known = lab.controller.description
    browser.go(address, known["user"], known["password"])
    browser.await_true("the page is live", "Boolean(document.querySelector('.link.live') && document.querySelector('.picture'))")
    lab.figures["liveMillis"] = round(browser.run("return performance.now()"))
    shown = browser.run("return [...document.querySelectorAll('.picture .ilb')].map((ilb) => ilb.dataset.ilb)")
    if shown != [switch.ilb_id for switch in lab.plan.ilbs]:
        raise Broken(f"the picture shows the ILBs {shown}")
    lab.step(f"the page is live, {lab.figures['liveMillis']} ms after it was asked for")


def _judge_ownership(lab, browser):
    """The table of ILBs says what REST says, as soon as those connections are forgotten that ended before."""
    browser.click("#tab-ilbs")

    def agrees():
        rows = browser.run(
            "return [...document.querySelectorAll('#panel tr[data-ilb]')].map((row) => [row.dataset.ilb, row.children[5].innerText])"
        )
        return {name: int(owned.replace(",", "")) for name, owned in rows} == {
            str(ilb["id"]): ilb["owned"] for ilb in lab.onos.ilb.ilbs()
        }

    wait_until("page and REST agree on who owns how much", agrees, 20, pause=0.05)
    lab.step("it shows the shares of ownership that REST tells")


def _search(lab, browser):
    """Finds the lasting connections of one client."""
    client = lab.plan.clients[0]
    browser.click("#tab-connections")
    browser.type("#panel input[name=client]", client.ip)
    browser.run("const s = document.querySelector('#panel select[name=service]'); s.value = 'lasting'; s.dispatchEvent(new Event('change'));")
    wanted = sum(
        source == client.ip and port == topology.LASTING_PORT
        for (source, _), (_, port) in lab.onos.ilb.connections()
    )
    browser.await_true(
        f"the search finds the {wanted} lasting connections of {client.name}",
        f"(document.querySelector('.pages span')?.innerText ?? '').endsWith('of {wanted}') && "
        f"[...document.querySelectorAll('#panel tbody tr td:first-child')].every((cell) => cell.innerText.startsWith('{client.ip}:'))",
    )
    lab.figures["found"] = wanted
    lab.step(f"a search finds the {wanted} lasting connections of {client.name}")


def _lose_an_ilb(lab, browser):
    """Kills a switch and waits until the page, which nobody touches, shows it; then looks at the timeline."""
    leaver = lab.plan.ilbs[0]
    since = time.monotonic()
    lab.network.kill_switch(leaver)
    browser.await_true(
        f"the page shows that {leaver.name} is gone",
        f"document.querySelector('.picture .ilb[data-ilb=\"{leaver.ilb_id}\"]').classList.contains('away')",
    )
    took = time.monotonic() - since
    lab.figures["lossShownMillis"] = round(1000 * took)
    lab.step(f"{leaver.name} was killed; the page shows that after {1000 * took:.0f} ms")
    browser.click("#tab-membership")
    browser.await_true(
        "the timeline says who went",
        f"document.querySelector('#panel tbody tr td:last-child')?.innerText === '{leaver.ilb_id}'",
    )
    if took > _SHOWN_WITHIN:
        raise Broken(f"the page showed the loss of {leaver.name} after {took:.1f} s only")


def _drain_a_server(lab, browser):
    """Drains a server by mouse, enables it again by keyboard; nothing else of the configuration changes."""
    server = lab.plan.servers[0]
    name = f"{server.ip}:{topology.LASTING_SERVER_PORT}"
    before = lab.onos.configuration()
    row = f"#panel tr[data-server='{name}']"
    browser.click("#tab-servers")
    browser.await_true("all servers are found up", "document.querySelectorAll('#panel .health.up').length === document.querySelectorAll('#panel tr[data-server]').length")
    browser.click(f"{row} .actions button:first-child")
    browser.await_true("it asks first", "document.getElementById('dialog').open")
    if lab.onos.configuration() != before:
        raise Broken("the configuration changed before anybody confirmed")
    browser.click("#dialog [data-confirm]")
    browser.await_true("the page shows the drain", f"Boolean(document.querySelector(\"{row} .badge.draining\"))")
    service = next(each for each in lab.onos.ilb.services() if each["name"] == "lasting")
    states = {f"{each['address']}:{each['port']}": each["state"] for each in service["servers"]}
    if [each for each, state in states.items() if state != "enabled"] != [name]:
        raise Broken(f"REST says that the servers' states are {states}")
    lab.step(f"{name} is drained by clicks; REST says so, too")
    # As the documentation shows it.
    time.sleep(_PAUSE)
    browser.point(1, 1)
    browser.run("document.activeElement.blur(); document.getElementById('messages').replaceChildren(); scrollTo(0, 0);")
    browser.screenshot(build.REPOSITORY / "mininet" / "target" / "page.png")
    browser.run(f"document.querySelector(\"{row} .actions button\").focus()")
    browser.keys(_ENTER)
    browser.await_true("it asks again", "document.getElementById('dialog').open")
    browser.keys(_ENTER)
    browser.await_true("the page shows that it is enabled", f"Boolean(document.querySelector(\"{row} .badge.up\"))")
    after = lab.onos.configuration()
    for configuration in (before, after):
        for each in configuration["services"]:
            for one in each["servers"]:
                one.pop("state", None)
    if after != before:
        raise Broken("more of the configuration changed than the server's state")
    lab.step(f"{name} is enabled by the keyboard")


def _come_second(lab, browser):
    """While the page asks for a server's weight somebody else changes it: that stays, and the page says so."""
    server = lab.plan.servers[1]
    name = f"{server.ip}:{topology.LASTING_SERVER_PORT}"
    browser.click(f"#panel tr[data-server='{name}'] td:nth-child(5) button")
    browser.await_true("it asks for the weight", "document.getElementById('dialog').open")
    lab.onos.beside("ilb/v1").call("PATCH", f"config/services/lasting/servers/{name}", {"weight": 9})
    browser.type("#dialog input", "5")
    browser.keys(_ENTER)
    browser.await_true(
        "the page says that somebody else was first",
        "(document.querySelector('#messages .problem')?.innerText ?? '').includes('somebody else changed it')",
    )
    weights = [each["weight"] for each in next(each for each in lab.onos.ilb.services() if each["name"] == "lasting")["servers"]]
    if weights[1] != 9:
        raise Broken(f"the weight of {name} is {weights[1]}; somebody else's change to 9 was overwritten")
    lab.step("who answers after somebody else's change is told so, and undoes nothing")
