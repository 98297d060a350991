"""A network namespace for a whole run, for when the machine's own is taken.

Open vSwitch in user space makes one device of a fixed name, so that two instances cannot share a network
namespace. The second run therefore moves into a fresh one, with all that it starts from then on: its
addresses and ports are its own, and other programs of the machine do not reach them.
"""

import ctypes
import os
import socket
from pathlib import Path

from emulation.process import command

_CLONE_NEWNET = 0x40000000
# The device that Open vSwitch makes; a killed one leaves it behind.
USER_SPACE_DEVICE = "ovs-netdev"
# There where the kernel's own datapath is, which the first daemon then uses.
_KERNEL_DATAPATH = Path("/sys/module/openvswitch")


def user_space_is_taken():
    """Whether an Open vSwitch in user space lives in this network namespace already, or is about to.

    It makes its device with its first bridge, which a run builds only when its controller is ready.
    """
    if not _vswitchds():
        return False
    return USER_SPACE_DEVICE in interfaces() or not _KERNEL_DATAPATH.exists()


def vswitchd_count():
    """How many Open vSwitch daemons live in this network namespace."""
    return len(_vswitchds())


def _vswitchds():
    here = os.readlink("/proc/self/ns/net")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "comm").read_text().strip() == "ovs-vswitchd" and os.readlink(process / "ns/net") == here:
                found.append(process.name)
        except OSError:
            pass  # it ended while we looked
    return found


def interfaces():
    """The names of this network namespace's interfaces."""
    return {name for _, name in socket.if_nameindex()}


def enter_fresh_namespace():
    """Moves this process into a network namespace of its own. Call it while there is one thread only."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        number = ctypes.get_errno()
        raise OSError(number, f"no network namespace of its own: {os.strerror(number)}")
    command("ip", "link", "set", "lo", "up")
