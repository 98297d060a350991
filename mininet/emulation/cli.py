"""ONOS's command line over SSH, for people and for scenarios."""

import os
from pathlib import Path

from emulation.process import command
from emulation.trouble import Trouble

# The controller makes its host key anew for every run, so there is nothing to remember.
_OPTIONS = [
    "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
    "-o", "PubkeyAuthentication=no", "-o", "HostKeyAlgorithms=+ssh-rsa",
]  # fmt: skip


def ssh(controller, directory):
    """The words and the environment of an SSH client that talks to a controller (its description).

    The directory is the run's: it holds the little program that answers the client's question.
    """
    if not controller.get("ssh"):
        raise Trouble("this controller has no command line that is reachable from here")
    host, _, port = controller["ssh"].rpartition(":")
    # The password stays in this one process's environment, out of every command line and file.
    answer = Path(directory, "askpass")
    answer.write_text('#!/bin/sh\nprintf "%s\\n" "$ILB_PASSWORD"\n')
    answer.chmod(0o700)
    environment = {
        "SSH_ASKPASS": str(answer),
        "SSH_ASKPASS_REQUIRE": "force",
        "ILB_PASSWORD": controller["password"],
        "TERM": os.environ.get("TERM", "dumb"),
    }
    return ["ssh", *_OPTIONS, "-p", port, f"{controller['user']}@{host}"], environment


def ask(controller, line, directory):
    """Runs one command of ONOS's command line and returns what it prints."""
    words, environment = ssh(controller, directory)
    return command(*words, line, environment=environment)
