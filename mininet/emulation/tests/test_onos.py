"""The REST client against a server that answers as ONOS does."""

import http.server
import json
import threading
import unittest

from emulation.onos import Onos, Refused

_ASSOCIATIONS = [
    {"source": f"10.1.1.1:{port}", "destination": "10.100.0.1:80", "server": "10.0.0.11:8080"} for port in range(1, 2501)
]


class _Onos(http.server.BaseHTTPRequestHandler):
    """Just enough of ONOS: who asks, one refused configuration, pages of associations, an application that goes slowly."""

    # How often the bits of the removed application are still there; None while it is installed.
    removed = None

    def do_GET(self):
        if self.headers["Authorization"] != "Basic b25vczpyb2Nrcw==":
            self._answer(401, "<html>who are you?</html>")
        elif self.path.startswith("/onos/ilb/v1/associations?"):
            offset, limit = (int(part.split("=")[1]) for part in self.path.split("?")[1].split("&"))
            self._answer(200, json.dumps({"associations": _ASSOCIATIONS[offset : offset + limit]}))
        elif self.path == "/onos/v1/devices":
            devices = [{"id": "of:1", "available": True}, {"id": "of:2", "available": False}]
            self._answer(200, json.dumps({"devices": devices}))
        elif self.path == "/onos/v1/applications/org.ilb" and self.removed is None:
            self._answer(200, '{"name": "org.ilb"}')
        elif self.path == "/onos/v1/applications/org.ilb/bits" and self.headers["Accept"] == "application/json":
            self._answer(406, "it is no JSON")
        elif self.path == "/onos/v1/applications/org.ilb/bits" and self.removed:
            type(self).removed -= 1
            self._answer(200, "PK")
        else:
            self._answer(404, '{"code": 404, "message": "not found"}')

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(207, '{"code": 207, "message": ["Field \\"x\\" is invalid: it is"]}')

    def do_DELETE(self):
        type(self).removed = 3
        self._answer(204, "")

    def _answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class OnosTest(unittest.TestCase):
    def setUp(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Onos)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}/onos"
        self.onos = Onos(self.base, "onos", "rocks")

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_an_application_is_uninstalled_when_its_bits_are_gone(self):
        _Onos.removed = None
        self.onos.uninstall("org.ilb")
        self.assertEqual(0, _Onos.removed)
        self.onos.uninstall("org.ilb")
        self.assertEqual(0, _Onos.removed)

    def test_associations_are_read_page_by_page(self):
        found = self.onos.ilb.associations()
        self.assertEqual(len(_ASSOCIATIONS), len(found))
        self.assertIn(("10.1.1.1", 2500), found)

    def test_only_available_devices_count(self):
        self.assertEqual({"of:1"}, set(self.onos.devices()))

    def test_configuration_taken_in_part_is_refused(self):
        with self.assertRaises(Refused) as caught:
            self.onos.configure({})
        self.assertEqual(207, caught.exception.status)
        self.assertIn("is invalid", caught.exception.text)

    def test_what_is_not_there_is_none(self):
        self.assertIsNone(self.onos.application("org.example"))
        self.assertIsNone(self.onos.configuration())

    def test_wrong_password_is_refused(self):
        with self.assertRaises(Refused) as caught:
            Onos(self.base, "onos", "wrong").devices()
        self.assertEqual(401, caught.exception.status)


if __name__ == "__main__":
    unittest.main()
