"""Which lines of a controller's log are complaints of the application."""

import tempfile
import unittest
from pathlib import Path

from emulation import complaints

_LOG = """\
2026-11-30T01:09:28,404 | ERROR | ilb-control | FrontEndManager | 169 - org.ilb.app - 1.0.0.SNAPSHOT | too early
2026-11-30T01:09:33,624 | WARN  | features-3-thread-1 | ListenerRegistry | 154 - org.onosproject.onos-api - 2.5.6 | not ours
2026-11-30T01:09:33,700 | INFO  | ilb-control | FrontEndManager | 169 - org.ilb.app - 1.0.0.SNAPSHOT | Started
2026-11-30T01:09:34,000 | ERROR | ilb-control | FrontEndManager | 169 - org.ilb.app - 1.0.0.SNAPSHOT | it cannot | be
java.lang.IllegalStateException: org.ilb.app | ERROR
	at org.ilb.frontend.FrontEndManager.clear(FrontEndManager.java:282) [!/:?]
2026-11-30T01:09:35,000 | WARN  | ilb-health | HealthMonitor | 169 - org.ilb.app - 1.0.0.SNAPSHOT | a server is down
2026-11-30T01:09:36,000 | WARN  | onos-of | Matches | 159 - org.ilb.providers - 1.0.0.SNAPSHOT | not of the application
"""


class ComplaintsTest(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.log = Path(self.directory.name) / "karaf.log"
        self.log.write_text(_LOG)

    def tearDown(self):
        self.directory.cleanup()

    def test_errors_since_a_moment(self):
        self.assertEqual(
            ["2026-11-30T01:09:34,000 ERROR FrontEndManager: it cannot | be"],
            complaints.of([self.log], "2026-11-30T01:09:30,000", ("ERROR",)),
        )

    def test_warnings_are_the_application_s_own(self):
        found = complaints.of([self.log], "2026-11-30T01:09:30,000", ("WARN", "ERROR"))
        self.assertEqual(["FrontEndManager", "HealthMonitor"], [line.split()[2].rstrip(":") for line in found])

    def test_no_log_no_complaint(self):
        self.assertEqual([], complaints.of([], "2026", ("WARN", "ERROR")))


if __name__ == "__main__":
    unittest.main()
