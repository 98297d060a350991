"""A browser without a screen: Chromium by way of chromedriver, whose protocol (W3C WebDriver) is JSON over HTTP."""

import base64
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from emulation.process import Child
from emulation.trouble import Broken, Trouble
from emulation.waiting import wait_until

# The name under which an answer carries the id of an element of the page.
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
_STARTED = re.compile(r"started successfully on port (\d+)")
_SECONDS = 30


class Browser:
    """One window. Not thread-safe; who opens it closes it."""

    def __init__(self, directory, width=1280, height=1000):
        self._directory = Path(directory)
        self._directory.mkdir(parents=True, exist_ok=True)
        self._log = self._directory / "chromedriver.log"
        self._session = None
        with open(self._log, "wb") as log:
            self._driver = Child(
                ["chromedriver", "--port=0", "--allowed-ips=127.0.0.1"],
                environment={"HOME": str(self._directory)}, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            port = wait_until("chromedriver is there", self._port, _SECONDS)
            self._base = f"http://127.0.0.1:{port}"
            self._session = self._open(width, height)
        except BaseException:
            self.close()
            raise

    def _port(self):
        if not self._driver.running:
            raise Trouble(f"chromedriver did not start: {self._log.read_text(errors='replace').strip()[-300:]}")
        found = _STARTED.search(self._log.read_text(errors="replace"))
        return int(found[1]) if found else None

    def _open(self, width, height):
        options = {
            # No sandbox: it refuses to be root's. No shared memory: a machine may have little of it.
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--no-proxy-server", "--force-color-profile=srgb",
                f"--user-data-dir={self._directory / 'profile'}", f"--window-size={width},{height}",
            ]
        }  # fmt: skip
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        return self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def close(self):
        """Closes window and browser."""
        try:
            if self._session:
                self._call("DELETE", f"/session/{self._session}")
        except (OSError, Broken):
            pass  # chromedriver takes its browser along
        finally:
            self._session = None
            self._driver.stop()

    def go(self, url, user=None, password=None):
        """Opens a page; a name and a password are asked for once for all beneath it."""
        if user:
            parts = urllib.parse.urlsplit(url)
            who = f"{urllib.parse.quote(user, safe='')}:{urllib.parse.quote(password, safe='')}"
            self._do("POST", "/url", {"url": parts._replace(netloc=f"{who}@{parts.netloc}").geturl()})
        self._do("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script, the body of a function, returns."""
        return self._do("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, selector):
        """The text that is to be seen of an element, None where there is none."""
        return self.run("return document.querySelector(arguments[0])?.innerText ?? null", selector)

    def await_true(self, what, expression, seconds=20):
        """Waits until an expression is true in the page; returns its value."""
        return wait_until(what, lambda: self.run(f"return {expression}"), seconds, pause=0.1)

    def find(self, selector):
        """An element, by its CSS selector."""
        return self._do("POST", "/element", {"using": "css selector", "value": selector})[_ELEMENT]

    def click(self, selector, seconds=10):
        """Clicks as a person does: where the element is, if nothing lies above it. The page may be drawing it anew just now."""

        def clicked():
            self._do("POST", f"/element/{self.find(selector)}/click", {})
            return True

        wait_until(f"{selector} can be clicked", clicked, seconds)

    def type(self, selector, text):
        """Types into an element."""
        element = self.find(selector)
        self._do("POST", f"/element/{element}/clear", {})
        self._do("POST", f"/element/{element}/value", {"text": text})

    def keys(self, *keys):
        """Presses keys, one after the other, wherever the focus is."""
        actions = [{"type": step, "value": key} for key in keys for step in ("keyDown", "keyUp")]
        self._do("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def point(self, x, y):
        """Moves the mouse there."""
        move = {"type": "pointerMove", "x": x, "y": y, "duration": 0}
        self._do("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": [move]}]})

    def complaints(self):
        """What the console said since the last time, but mere information: errors and warnings, network failures among them."""
        entries = self._do("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]

    def devtools(self, command, **parameters):
        """A command of Chromium's own protocol."""
        return self._do("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, file):
        """Writes what is to be seen as a PNG."""
        Path(file).write_bytes(base64.b64decode(self._do("GET", "/screenshot")))

    def _do(self, method, path, body=None):
        return self._call(method, f"/session/{self._session}{path}", body)

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with _DIRECT.open(request, timeout=_SECONDS) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            said = json.loads(error.read())["value"]
            raise Refused(f"the browser: {said['error']}: {said['message'].splitlines()[0]}") from None


class Refused(OSError):
    """The browser could not do it, or not now."""


# Whatever proxy the surroundings have, the browser's driver is on this machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
