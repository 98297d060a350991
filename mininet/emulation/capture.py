"""Captures: which TCP flows crossed a host's interfaces, seen by a raw socket in its namespace.

As a program it watches until SIGTERM and then writes one JSON list of `[source, sourcePort, destination,
destinationPort, packets]`. Only headers are looked at; nothing is stored but the set of flows.
"""

import collections
import json
import signal
import socket
import struct
import sys

_ETH_P_ALL = 3
_HEADERS = 120


def _flow(frame):
    """The addresses and ports of a TCP segment in an Ethernet frame, None for anything else."""
    if len(frame) < 34 or frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
        return None
    start = 14 + (frame[14] & 0x0F) * 4
    if len(frame) < start + 4:
        return None
    return frame[26:30], struct.unpack_from("!H", frame, start)[0], frame[30:34], struct.unpack_from("!H", frame, start + 2)[0]


def main():
    running = True

    def stop(*_):
        nonlocal running
        running = False

    signal.signal(signal.SIGTERM, stop)
    flows = collections.Counter()
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)) as raw:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 << 20)
        raw.settimeout(0.2)
        print("watching", flush=True)
        while running:
            try:
                frame = raw.recv(_HEADERS)
            except socket.timeout:
                continue
            flow = _flow(frame)
            if flow:
                flows[flow] += 1
    print(json.dumps([[socket.inet_ntoa(a), b, socket.inet_ntoa(c), d, n] for (a, b, c, d), n in flows.items()]))
    return 0


class Captures:
    """Watches several hosts from now until `stop`, which returns the flows of each."""

    def __init__(self, network, hosts):
        self._children = {
            host.name: network.start_module(host, "emulation.capture", stdout=-1, text=True) for host in hosts
        }
        for child in self._children.values():
            child.process.stdout.readline()

    def stop(self):
        """Ends watching; for each host, the set of (source, sourcePort, destination, destinationPort)."""
        for child in self._children.values():
            child.signal(signal.SIGTERM)
        seen = {}
        for name, child in self._children.items():
            seen[name] = {tuple(flow[:4]) for flow in json.loads(child.process.stdout.read() or "[]")}
            child.stop()
        return seen


if __name__ == "__main__":
    sys.exit(main())
