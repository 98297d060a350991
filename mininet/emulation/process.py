"""Processes that a run starts: commands that end by themselves, and children that it ends by their pid."""

import os
import shlex
import signal
import subprocess

from emulation.trouble import Trouble

# Has the kernel end a child when its parent dies: to be exact, the thread that started it.
_DIE_WITH_PARENT = ["setpriv", "--pdeathsig", "TERM"]


def command(*words, environment=None, stdin=None, seconds=60):
    """Runs a command to its end and returns its output; a failure is an error that quotes it."""
    try:
        done = subprocess.run(
            words,
            env={**os.environ, **(environment or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError:
        raise Trouble(f"the program {words[0]} is not installed") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CommandFailed(words, done.returncode, said[-1] if said else "")
    return done.stdout


class CommandFailed(OSError):
    """A command ended with another status than 0."""

    def __init__(self, words, status, said):
        super().__init__(f"`{shlex.join(words)}` ended with status {status}: {said}")
        self.status = status
        self.said = said


class Child:
    """A process that runs until it is stopped, or until this program ends however it may.

    It gets a session of its own, so that Ctrl-C reaches only this program, which then ends it in order. Start
    children from the main thread: they do not outlive the thread that started them.
    """

    def __init__(self, words, environment=None, **options):
        self.words = list(words)
        self.process = subprocess.Popen(
            [*_DIE_WITH_PARENT, *self.words],
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            **{"stdin": subprocess.DEVNULL, **options},
        )

    @property
    def pid(self):
        return self.process.pid

    @property
    def running(self):
        return self.process.poll() is None

    def signal(self, number):
        """Sends a signal, if the process is still there."""
        if self.running:
            os.kill(self.pid, number)

    def wait(self, seconds):
        """Waits for the end and returns the exit status; None when it goes on."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, seconds=15):
        """Ends the process: asked first, forced after a while."""
        self.signal(signal.SIGTERM)
        if self.wait(seconds) is None:
            self.signal(signal.SIGKILL)
            self.process.wait()

