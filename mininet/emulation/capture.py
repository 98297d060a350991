"""Captures: which TCP flows crossed a host's interfaces, seen by a raw socket in its namespace.

As a program it watches until SIGTERM and then writes one JSON list of `[source, sourcePort, destination,
destinationPort, packets]`. Only headers are looked at; nothing is stored but the set of flows.

Given an address, it writes two lists instead: of the TCP segments from that address or to it that came in and that went out, each
with its ends, its flags and a digest of the IP packet from its first byte to its last. Where a packet is in the lists of two hosts,
nobody has touched it in between.
"""

import collections
import hashlib
import json
import signal
import socket
import struct
import sys
import time

_ETH_P_ALL = 3
_HEADERS = 120
_WHOLE = 65536
_SO_RCVBUFFORCE = 33
# How long reading what waits may take.
_DRAIN = 5.0


def _flow(frame):
    """The addresses and ports of a TCP segment in an Ethernet frame, None for anything else."""
    if len(frame) < 34 or frame[12:14] != b"\x08\x00" or frame[23] != socket.IPPROTO_TCP:
        return None
    start = 14 + (frame[14] & 0x0F) * 4
    if len(frame) < start + 4:
        return None
    return frame[26:30], struct.unpack_from("!H", frame, start)[0], frame[30:34], struct.unpack_from("!H", frame, start + 2)[0]


def _packet(frame, address):
    """A TCP segment from an address or to it, told by its ends, flags and digest; None for anything else."""
    flow = _flow(frame)
    if not flow or address not in (flow[0], flow[2]):
        return None
    # Short frames are padded.
    packet = frame[14 : 14 + struct.unpack_from("!H", frame, 16)[0]]
    flags = packet[(packet[0] & 0x0F) * 4 + 13]
    ends = f"{socket.inet_ntoa(flow[0])}:{flow[1]} {socket.inet_ntoa(flow[2])}:{flow[3]}"
    return f"{ends} flags {flags:02x} length {len(packet)} {hashlib.sha256(packet).hexdigest()}"


def main(arguments):
    running, stopped = True, 0.0
    address = socket.inet_aton(arguments[0]) if arguments else None

    def stop(*_):
        nonlocal running, stopped
        running, stopped = False, time.monotonic()

    signal.signal(signal.SIGTERM, stop)
    flows = collections.Counter()
    packets = {"in": set(), "out": set()}
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ALL)) as raw:
        # Beyond what the machine lets everybody have: a packet that is not seen is not seen to be right.
        raw.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 16 << 20)
        raw.settimeout(0.2)
        print("watching", flush=True)
        # What is waiting to be read when the end is asked for has been seen, too.
        while running or time.monotonic() < stopped + _DRAIN:
            try:
                frame, about = raw.recvfrom(_HEADERS if address is None else _WHOLE)
            except socket.timeout:
                if not running:
                    break
                continue
            if address is not None:
                digest = _packet(frame, address)
                if digest:
                    packets["out" if about[2] == socket.PACKET_OUTGOING else "in"].add(digest)
                continue
            flow = _flow(frame)
            if flow:
                flows[flow] += 1
    if address is not None:
        print(json.dumps({direction: sorted(digests) for direction, digests in packets.items()}))
        return 0
    print(json.dumps([[socket.inet_ntoa(a), b, socket.inet_ntoa(c), d, n] for (a, b, c, d), n in flows.items()]))
    return 0


class Captures:
    """Watches several hosts from now until `stop`, which returns the flows of each; or the packets from an address or to it."""

    def __init__(self, network, hosts, address=None):
        arguments = [address] if address else []
        self._packets = bool(address)
        self._children = {
            host.name: network.start_module(host, "emulation.capture", *arguments, stdout=-1, text=True) for host in hosts
        }
        for child in self._children.values():
            child.process.stdout.readline()

    def stop(self):
        """Ends watching; for each host, the set of (source, sourcePort, destination, destinationPort), or the sets of packets that
        came in and went out."""
        for child in self._children.values():
            child.signal(signal.SIGTERM)
        seen = {}
        for name, child in self._children.items():
            told = json.loads(child.process.stdout.read() or "[]")
            if self._packets:
                seen[name] = {direction: set(digests) for direction, digests in told.items()}
            else:
                seen[name] = {tuple(flow[:4]) for flow in told}
            child.stop()
        return seen


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
