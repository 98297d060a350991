"""Bad input gets one clear sentence, and needs neither root nor packages to get it."""

import subprocess
import unittest
from pathlib import Path

from emulation import scenarios

_RUN = Path(__file__).resolve().parents[2] / "run"


class LauncherTest(unittest.TestCase):
    def run_it(self, *arguments):
        return subprocess.run([str(_RUN), *arguments], capture_output=True, text=True, timeout=30, check=False)

    def assert_refused(self, sentence, *arguments):
        done = self.run_it(*arguments)
        self.assertEqual(2, done.returncode, done)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(1, len(lines), done.stderr)
        self.assertIn(sentence, lines[0])

    def test_unknown_scenario(self):
        self.assert_refused("unknown scenario 'tea'", "tea")
        self.assert_refused("unknown scenario '../run'", "../run")

    def test_unknown_scenario_of_test(self):
        self.assert_refused("unknown scenario 'tea'", "test", "--only", "tea", "--no-install")

    def test_unknown_option(self):
        self.assert_refused("unrecognized arguments: --quickly", "demo", "--quickly", "--no-install")

    def test_option_before_command(self):
        self.assert_refused("--keep comes before a command", "--keep", "demo")

    def test_number_that_is_none(self):
        self.assert_refused("'many' is no number", "demo", "--no-install", "--requests", "many")

    def test_onos_without_the_rest(self):
        self.assert_refused("--onos needs --openflow", "demo", "--no-install", "--onos", "http://127.0.0.1:1/onos")
        self.assert_refused("go with --onos", "demo", "--no-install", "--user", "somebody")

    def test_openflow_without_a_port(self):
        self.assert_refused(
            "--openflow takes HOST:PORT", "demo", "--no-install", "--onos", "http://127.0.0.1:1/onos",
            "--openflow", "localhost", "--user", "u", "--password", "p",
        )  # fmt: skip

    def test_tag_that_is_too_long(self):
        self.assert_refused("the tag 'mine'", "demo", "--no-install", "--tag", "mine")

    def test_result_that_cannot_be_written(self):
        self.assert_refused("--result names no file", "demo", "--no-install", "--result", "/nowhere/at/all.json")

    def test_help_names_every_command(self):
        done = self.run_it("--help")
        self.assertEqual(0, done.returncode)
        for word in ("demo", "list", "test", "bench", "shell", "cli", "clean", "--keep", "--onos", "--result"):
            self.assertIn(word, done.stdout)

    def test_list_gives_every_scenario_a_promise(self):
        done = self.run_it("list")
        self.assertEqual(0, done.returncode)
        for name in scenarios.names():
            self.assertRegex(done.stdout, rf"(?m)^{name} +[A-Z]")
            self.assertTrue(hasattr(scenarios.load(name), "play"))


if __name__ == "__main__":
    unittest.main()
