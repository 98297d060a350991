"""Waiting for things that take a while, bounded, and with a sentence when they do not come."""

import time

from emulation.trouble import Broken


def wait_until(what, condition, seconds, pause=0.2):
    """Waits until a condition holds and returns its value; says what did not happen where it never does.

    The condition may raise OSError while what it asks is not there yet.
    """
    deadline = time.monotonic() + seconds
    problem = None
    while True:
        try:
            value = condition()
            if value:
                return value
        except OSError as error:
            problem = error
        if time.monotonic() >= deadline:
            reason = f" ({problem})" if problem else ""
            raise Broken(f"waited {seconds:g} s in vain until {what}{reason}")
        time.sleep(pause)
