"""The parts of scenarios that need no network."""

import copy
import types
import unittest

from emulation import console, runner, topology
from emulation.onos import end
from emulation.scenarios import badconfig, osgi
from emulation.traffic import percentile


class BadConfigTest(unittest.TestCase):
    def test_every_spoiler_spoils_a_good_configuration(self):
        good = topology.routed(clients=2).configuration()
        for name, _, spoil in badconfig.WRONG:
            wrong = copy.deepcopy(good)
            replaced = spoil(wrong)
            self.assertNotEqual(good, wrong if replaced is None else replaced, name)

    def test_there_are_enough_and_no_two_alike(self):
        names = [name for name, _, _ in badconfig.WRONG]
        self.assertGreaterEqual(len(names), 25)
        self.assertEqual(len(names), len(set(names)))


class ManifestTest(unittest.TestCase):
    def test_continuation_lines_are_joined(self):
        self.assertEqual({"A": "one two", "B": "3"}, osgi.parse_manifest("A: one\r\n  two\r\nB: 3\r\n"))

    def test_imports_have_their_versions(self):
        header = 'org.onosproject.core;version="[2.5,3)",org.x;resolution:=optional,org.y;version="1.0";a=b'
        self.assertEqual({"org.onosproject.core": "[2.5,3)", "org.x": None, "org.y": "1.0"}, osgi.imports(header))


class NeedsTest(unittest.TestCase):
    def test_what_is_missing_is_named(self):
        scenario = types.SimpleNamespace(NEEDS=("sh", "no-such-program"))
        self.assertEqual("no-such-program", runner.absent(scenario))
        self.assertIsNone(runner.absent(types.SimpleNamespace(NEEDS=("sh",))))
        self.assertIsNone(runner.absent(types.SimpleNamespace()))


class FiguresTest(unittest.TestCase):
    def test_percentile_is_a_value_that_occurred(self):
        self.assertEqual(50, percentile(range(100), 0.5))
        self.assertEqual(99, percentile(range(100), 1))
        self.assertIsNone(percentile([], 0.5))

    def test_percent_of_nothing_is_a_dash(self):
        self.assertEqual("-", console.percent(0, 0))
        self.assertEqual("12.5%", console.percent(1, 8))

    def test_end_of_a_connection(self):
        self.assertEqual(("10.0.0.1", 80), end("10.0.0.1:80"))
        self.assertEqual(("2001:db8::1", 80), end("[2001:db8::1]:80"))


if __name__ == "__main__":
    unittest.main()
