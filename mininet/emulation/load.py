"""Load: as many new HTTP connections as go, each from an end that nobody used lately; and bulk transfers. Figures, not records.

`traffic.py` tells of every connection; here a connection costs as little as Python can make it, so that what is measured is the
network: one thread, one epoll, no parsing but of the answer's first word, which names the server.

As a program it takes one JSON object, with these entries or their defaults in `Load`:

    {"kind": "connections", "targets": [["10.100.0.1", 80]], "concurrency": 8, "sources": [["10.17.0.1", 4000, 4]],
     "begin": 1700000000.0, "seconds": 2.0}
        HTTP requests, each on a new connection, to the targets in turn, from `begin` (of the clock, so that several clients
        begin together) for so many seconds, or until `count` are done. The sources are 4000 addresses from 10.17.0.1 on, each
        for 4 connections, and perhaps more of the kind; when they are used up it ends.
    {"kind": "bulk", ..., "path": "/files/big", "ports": [40002]}
        Downloads one after the other, whose data the kernel counts and throws away. The first ones come from these ports, the others
        from ports of the kernel's choice.

and writes one: how many were begun, done and failed, bytes, the servers' shares, latencies in microseconds.
"""

import collections
import dataclasses
import ipaddress
import json
import os
import select
import socket
import sys
import time

from emulation.trouble import Broken, Trouble

# The kernel then chooses the port when it knows both ends, as it does for a program that binds nothing.
_IP_BIND_ADDRESS_NO_PORT = 24
_PIECE = 1 << 17
_ERRORS_KEPT = 5
# How long an address must have been left alone: a connection's TIME_WAIT, which a new one would meet at the server.
REST = 60
# An address is the source of so many connections, one after the other, and a client gets its addresses in blocks of so many.
_TIMES = 4
_BLOCK = 2048
_BLOCKS = 31
# How many connections one client can make in one run.
MOST = _BLOCKS * _BLOCK * _TIMES
# Fewer connections a second than any network makes, and who waits for a number of them gives up.
_SLOWEST = 200
# Interpreters that start together on two busy processors begin together all the same.
_HEAD_START = 0.8


# --- inside the client's namespace ------------------------------------------------------------------------------------


class Sources:
    """Addresses to send from, in blocks: each so many times, one after the other, then no more."""

    def __init__(self, *blocks):
        self._left = (address for block in blocks for address in self._each(*block))

    def take(self):
        """The next address, None where all are used up."""
        return next(self._left, None)

    @staticmethod
    def _each(first, addresses, times):
        begin = int(ipaddress.ip_address(first))
        for number in range(begin, begin + addresses):
            yield from [socket.inet_ntoa(number.to_bytes(4, "big"))] * times


class Load:
    """Connections of one client, so many at a time."""

    def __init__(self, order):
        self._take = self._discard if order["kind"] == "bulk" else self._understand
        self._targets = [(host, port) for host, port in order["targets"]]
        self._path = order.get("path", "/")
        self._sources = Sources(*order["sources"])
        self._concurrency = order["concurrency"]
        self._seconds = order.get("seconds", float("inf"))
        self._left = order.get("count", sys.maxsize)
        self._timeout = order.get("timeout", 10)
        self._ports = collections.deque(order.get("ports", ()))
        self._epoll = select.epoll()
        # By file descriptor: the socket, when it began, its target and its source.
        self._open = {}
        self._opened = 0
        self._done = 0
        self._failed = 0
        self._bytes = 0
        self._errors = []
        self._micros = []
        self._servers = collections.Counter()

    def run(self):
        """Works until the time is over or the work done; returns the figures."""
        begin = looked = now = time.perf_counter()
        end = begin + self._seconds
        for _ in range(self._concurrency):
            self._connect()
        # What is under way when the time is over counts neither as done nor as failed.
        while self._open and now < end:
            for number, event in self._epoll.poll(0.1):
                if self._is_over(self._open[number], event):
                    self._close(number)
                    self._connect()
            now = time.perf_counter()
            if now - looked > 0.5:
                looked = now
                self._give_up(now)
        return {
            "begun": self._opened,
            "done": self._done,
            "failed": self._failed,
            "bytes": self._bytes,
            "seconds": min(now, end) - begin,
            "errors": self._errors,
            "servers": self._servers,
            "micros": self._micros,
        }

    def _connect(self):
        source = self._sources.take() if self._left else None
        if source is None:
            return
        self._left -= 1
        target = self._targets[self._opened % len(self._targets)]
        self._opened += 1
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        connection.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
        connection.bind((source, self._ports.popleft() if self._ports else 0))
        begin = time.perf_counter()
        connection.connect_ex(target)
        self._open[connection.fileno()] = connection, begin, target, source
        self._epoll.register(connection, select.EPOLLOUT)

    def _is_over(self, entry, event):
        connection = entry[0]
        try:
            if event & select.EPOLLIN:
                return self._take(connection, entry[1])
            error = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, os.strerror(error))
            connection.send(b"GET %s HTTP/1.0\r\nHost: a\r\n\r\n" % self._path.encode())
            self._epoll.modify(connection, select.EPOLLIN)
            return False
        except OSError as problem:
            self._fail(entry, problem)
            return True

    def _understand(self, connection, begin):
        """The whole of a small answer: done."""
        answer = connection.recv(4096)
        head, _, body = answer.partition(b"\r\n\r\n")
        if b" 200 " not in head[:16] or not body:
            raise OSError(f"unexpected answer: {answer[:40]!r}")
        self._micros.append(round(1e6 * (time.perf_counter() - begin)))
        self._done += 1
        self._bytes += len(answer)
        self._servers[body.split(b" ", 1)[0].decode()] += 1
        return True

    def _discard(self, connection, _):
        """A piece of a large answer: done when it ends."""
        count = len(connection.recv(_PIECE, socket.MSG_TRUNC))
        self._bytes += count
        self._done += not count
        return not count

    def _fail(self, entry, problem):
        self._failed += 1
        if len(self._errors) < _ERRORS_KEPT:
            self._errors.append(f"{entry[3]} to {entry[2][0]}:{entry[2][1]}: {problem}")

    def _give_up(self, now):
        if self._take == self._discard:
            return
        for number, entry in list(self._open.items()):
            if now - entry[1] > self._timeout:
                self._fail(entry, f"no answer for {self._timeout} s")
                self._close(number)
                self._connect()

    def _close(self, number):
        self._open.pop(number)[0].close()


def main(arguments):
    order = json.loads(arguments[0])
    load = Load(order)
    time.sleep(max(0.0, order.get("begin", 0) - time.time()))
    print(json.dumps(load.run()), flush=True)
    return 0


# --- beside the scenario ----------------------------------------------------------------------------------------------


class Addresses:
    """The addresses that clients send from: 10.17.0.0/16 is the first client's, and so on; in blocks, each left alone for a
    minute after its use."""

    def __init__(self, network):
        clients = network.plan.clients
        if len(clients) > 80:
            raise Trouble("there are addresses for 80 clients")
        router = network.plan.role("router")[0]
        self._second = {client.name: 17 + index for index, client in enumerate(clients)}
        self._blocks = {client.name: collections.deque((block, -REST) for block in range(_BLOCKS)) for client in clients}
        self._lent = []
        for client in clients:
            addresses = f"10.{self._second[client.name]}.0.0/16"
            network.run(client, "ip", "route", "add", "local", addresses, "dev", "lo")
            network.run(router, "ip", "route", "add", addresses, "via", client.ip)

    def take(self, client, count=None):
        """What `Sources` takes: blocks of a client for so many connections, or one; waits where they have not been left alone
        for long enough."""
        if count is not None and count > MOST:
            raise Trouble(f"{count} connections are more than a client has addresses for; {MOST} are the most")
        return [self._block(client) for _ in range(-(-(count or 1) // (_BLOCK * _TIMES)))]

    def _block(self, client):
        block, used = self._blocks[client.name].popleft()
        self._lent.append((client, block))
        time.sleep(max(0.0, used + REST - time.monotonic()))
        first = ipaddress.ip_address(f"10.{self._second[client.name]}.0.0") + 256 + block * _BLOCK
        return str(first), _BLOCK, _TIMES

    def give_back(self):
        """Nobody sends from what was taken any more."""
        for client, block in self._lent:
            self._blocks[client.name].append((block, time.monotonic()))
        self._lent = []


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What clients together achieved, and the processor's time that it took: Open vSwitch's and everyone's, in seconds."""

    begun: int
    done: int
    failed: int
    bytes: int
    seconds: float
    errors: tuple
    servers: collections.Counter
    micros: tuple
    switch_cpu: float
    cpu: float

    @property
    def rate(self):
        """Connections per second."""
        return self.done / self.seconds

    @property
    def megabits(self):
        """Megabits per second."""
        return 8e-6 * self.bytes / self.seconds


def run(network, addresses, targets, concurrency, kind="connections", meanwhile=None, ports=(), **order):
    """Has clients work together, `concurrency` in all; ends with `seconds`, or with `count`, which is shared out.

    `meanwhile` is called once, when they have begun. `ports` are the source ports of the clients' first connections, a client's each.
    """
    clients = network.plan.clients[:concurrency]
    most = -(-order["count"] // len(clients)) if "count" in order else None
    sources = [addresses.take(client, most) for client in clients]
    begin = time.time() + _HEAD_START
    children = []
    for index, client in enumerate(clients):
        # Not everyone begins with the same target.
        turn = index % len(targets)
        mine = {"kind": kind, "targets": targets[turn:] + targets[:turn], "sources": sources[index], "begin": begin, **order}
        for name, whole in (("concurrency", concurrency), ("count", order.get("count"))):
            if whole is not None:
                mine[name] = whole // len(clients) + (index < whole % len(clients))
        if ports:
            mine["ports"] = [ports[index]]
        children.append(network.start_module(client, "emulation.load", json.dumps(mine), stdout=-1, stderr=-1, text=True))
    try:
        time.sleep(max(0.0, begin - time.time()))
        switch, everyone = network.openvswitch.processor_seconds(), processor_seconds()
        if meanwhile:
            meanwhile()
        if "seconds" in order:
            time.sleep(max(0.0, begin + order["seconds"] - time.time()))
            switch, everyone = network.openvswitch.processor_seconds() - switch, processor_seconds() - everyone
        results = []
        for child in children:
            out, err = child.process.communicate(timeout=30 + order.get("seconds", 300 + order.get("count", 0) / _SLOWEST))
            if child.process.returncode:
                raise Broken(f"a client's program ended: {err.strip().splitlines()[-1]}")
            results.append(json.loads(out))
        if "seconds" not in order:
            switch, everyone = network.openvswitch.processor_seconds() - switch, processor_seconds() - everyone
    finally:
        for child in children:
            child.stop()
        addresses.give_back()
    return Outcome(
        begun=sum(result["begun"] for result in results),
        done=sum(result["done"] for result in results),
        failed=sum(result["failed"] for result in results),
        bytes=sum(result["bytes"] for result in results),
        seconds=max(result["seconds"] for result in results),
        errors=tuple(error for result in results for error in result["errors"]),
        servers=sum((collections.Counter(result["servers"]) for result in results), collections.Counter()),
        micros=tuple(sorted(micros for result in results for micros in result["micros"])),
        switch_cpu=switch,
        cpu=everyone,
    )


def processor_seconds():
    """The time that all processors of the machine have worked, whoever for."""
    with open("/proc/stat") as stat:
        user, nice, system, _, _, irq, softirq = map(int, stat.readline().split()[1:8])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
