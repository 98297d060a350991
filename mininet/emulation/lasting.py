"""Connections that last: framed data both ways, numbered and checksummed, over plain TCP.

Both ends are programs: the server runs beside the web server of each server host, the clients are kinds of
traffic (`traffic.py`). Every frame has the same size. A client's frame carries a number, data that only this
number makes, and their checksum; the server answers each with its own name, a checksum of *all* data that
it has received on this connection, and the data inverted. So a byte that is lost, doubled, changed or sent to another
server shows, and so does every moment without progress.

Kinds of traffic here:

    {"kind": "lasting", "host": ..., "port": ..., "count": 125, "interval": 0.5, "ramp": 100, "seconds": 600}
        So many connections, opened at a rate of `ramp` per second, each with a frame every `interval` seconds, until
        SIGTERM; then they are closed in order. With `spread` their second frames are spread over the interval, however fast
        they were opened. SIGUSR1 begins a new measurement of the stalls. A record per connection.
    {"kind": "endings", ..., "count": 1000, "concurrency": 8, "ways": ["close", "half", ...]}
        Short connections that end in these ways in turn; see `WAYS`. With `firstPort` each has a port of its own from
        there on. A record per connection.
    {"kind": "reuse", ..., "ports": [20000, 20001], "rounds": 5, "pause": 0.2}
        Each port makes one connection after another, which the server closes. A record per connection.
    {"kind": "knocks", ..., "source": "10.1.1.200", "ports": [20000, 20001]}
        One SYN from each port of an address that is nobody's, so that no answer finds anyone. A record per SYN.

As a program of its own, `serve PORT NAME` is the server.
"""

import collections
import heapq
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import zlib

FRAME = 256
_HEAD = struct.Struct("!QI")
_ANSWER = struct.Struct("!QI16sI")
_DATA = FRAME - _HEAD.size
_KEPT = FRAME - _ANSWER.size
# Orders to the server ride in a frame's number, above what any connection counts up to.
_CLOSE = 1 << 62
_MORE = 1 << 63
_NUMBER = (1 << 32) - 1
_MORE_EVERY = 0.25
_INVERSION = bytes(255 - byte for byte in range(256))
_LONGEST_WAIT = 30
_TCP_REPAIR = 19

# How a client's connection may end.
WAYS = {
    "close": "the client closes first",
    "server": "the server closes first",
    "half": "the client closes its half and goes on receiving",
    "reset": "the client resets",
    "vanish": "the client forgets the connection and says nothing",
}


class Wrong(OSError):
    """What arrived is not what was sent."""


def allow_many_connections():
    """Lets this process have as many open connections as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def frame(number):
    """A client's frame."""
    # Different for each number: one frame's data cannot pass for another's.
    data = (number * 0x9E3779B97F4A7C15 % (1 << 64)).to_bytes(8, "big") * (_DATA // 8 + 1)
    data = data[:_DATA]
    return _HEAD.pack(number, zlib.crc32(data)) + data


def answer(received, name, running):
    """The server's answer to a frame, and the checksum of everything received so far; raises Wrong."""
    number, checksum = _HEAD.unpack_from(received)
    data = received[_HEAD.size :]
    if zlib.crc32(data) != checksum:
        raise Wrong("a frame arrived with other contents than were sent")
    running = zlib.crc32(data, running)
    kept = name.encode()[:16].ljust(16, b"\0") + struct.pack("!I", running) + data[:_KEPT].translate(_INVERSION)
    return _HEAD.pack(number, zlib.crc32(kept)) + kept, running


def understand(received, expected, running):
    """The server's name, from its answer to the frame `expected`; raises Wrong."""
    number, checksum, name, theirs = _ANSWER.unpack_from(received)
    if zlib.crc32(received[_HEAD.size :]) != checksum:
        raise Wrong("an answer arrived with other contents than were sent")
    if number != expected:
        raise Wrong(f"the answer to frame {expected & _NUMBER} has number {number & _NUMBER}")
    if theirs != running:
        raise Wrong(f"up to frame {expected & _NUMBER} the server received other data than were sent")
    data = frame(expected)[_HEAD.size : _HEAD.size + _KEPT]
    if received[_ANSWER.size :].translate(_INVERSION) != data:
        raise Wrong("an answer holds other data than were sent")
    return name.rstrip(b"\0").decode()


# --- the server -------------------------------------------------------------------------------------------------------


class _Served:
    """One connection as its server sees it."""

    def __init__(self, connection):
        self.connection = connection
        self.received = b""
        self.running = 0
        self.outgoing = b""
        self.more = 0
        self.ended = False
        self.close_when_sent = False


def serve(port, name, ready=None):
    """Serves until SIGTERM; one thread, any number of connections."""
    stop = threading.Event()
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    selector, timers = selectors.DefaultSelector(), []
    listener = socket.create_server(("", port), backlog=4096)
    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ, None)
    if ready:
        ready(listener.getsockname()[1], stop)
    while not stop.is_set():
        wait = min(0.5, max(0, timers[0][0] - time.monotonic())) if timers else 0.5
        for key, _ in selector.select(wait):
            if key.data is None:
                _accept(listener, selector)
            else:
                _serve_one(key.data, name, selector, timers)
        now = time.monotonic()
        while timers and timers[0][0] <= now:
            _send_more(heapq.heappop(timers)[2], name, selector, timers)
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    selector.close()


def _accept(listener, selector):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(connection, selectors.EVENT_READ, _Served(connection))


def _serve_one(served, name, selector, timers):
    try:
        _receive(served, name, timers)
        _flush(served)
    except OSError:
        _drop(served, selector)
        return
    if (served.ended and not served.more or served.close_when_sent) and not served.outgoing:
        _drop(served, selector)
    else:
        wanted = 0 if served.ended else selectors.EVENT_READ
        wanted |= selectors.EVENT_WRITE if served.outgoing else 0
        _watch(served, wanted, selector)


def _watch(served, wanted, selector):
    known = served.connection in selector.get_map()
    if wanted and known:
        selector.modify(served.connection, wanted, served)
    elif wanted:
        selector.register(served.connection, wanted, served)
    elif known:
        selector.unregister(served.connection)


def _receive(served, name, timers):
    if served.ended:
        return
    try:
        piece = served.connection.recv(1 << 16)
    except BlockingIOError:
        return
    served.ended = not piece
    served.received += piece
    while len(served.received) >= FRAME:
        first, served.received = served.received[:FRAME], served.received[FRAME:]
        number = _HEAD.unpack_from(first)[0]
        reply, served.running = answer(first, name, served.running)
        served.outgoing += reply
        served.close_when_sent |= bool(number & _CLOSE)
        if number & _MORE:
            served.more = number & _NUMBER
            heapq.heappush(timers, (time.monotonic() + _MORE_EVERY, id(served), served))


def _flush(served):
    if served.outgoing:
        try:
            served.outgoing = served.outgoing[served.connection.send(served.outgoing) :]
        except BlockingIOError:
            pass


def _send_more(served, name, selector, timers):
    """What was ordered to come after the client's end: the same answer format, numbered from 1."""
    if served.connection.fileno() < 0:
        return
    reply, _ = answer(frame(served.more), name, 0)
    served.outgoing += reply
    served.more -= 1
    if served.more:
        heapq.heappush(timers, (time.monotonic() + _MORE_EVERY, id(served), served))
    _serve_one(served, name, selector, timers)


def _drop(served, selector):
    _watch(served, 0, selector)
    served.connection.close()


# --- clients that last ------------------------------------------------------------------------------------------------


class _Lasting:
    """One connection of a client, with what it waits for."""

    def __init__(self):
        self.record = {"start": time.time(), "error": None, "server": None, "frames": 0, "bytes": 0, "longestStall": 0.0}
        self.connection = None
        self.connected = False
        self.sent = 0
        self.running = 0
        self.waiting = collections.deque()
        self.received = b""
        self.outgoing = b""

    @property
    def broken(self):
        return self.record["error"] is not None

    def stalled(self, since, now):
        delay = now - since
        if delay > self.record["longestStall"]:
            self.record["longestStall"], self.record["stalledAt"] = delay, time.time()


class Lasting:
    """All the connections of one client, in one thread."""

    def __init__(self, order, report):
        allow_many_connections()
        self._order = order
        self._report = report
        self._interval = order.get("interval", 0.5)
        self._selector = selectors.DefaultSelector()
        self._timers = []
        self._all = []
        self._stop = False
        self._mark = False

    def run(self):
        """Opens, exchanges frames until told to stop, waits for what is under way, closes; returns the records."""
        signal.signal(signal.SIGTERM, lambda *_: setattr(self, "_stop", True))
        signal.signal(signal.SIGUSR1, lambda *_: setattr(self, "_mark", True))
        begin = time.monotonic()
        for index in range(self._order["count"]):
            heapq.heappush(self._timers, (begin + index / self._order.get("ramp", 100), index, None))
        deadline, told = begin + self._order.get("seconds", 600), begin
        while not self._stop and time.monotonic() < deadline:
            self._turn()
            if time.monotonic() - told > 0.5:
                told = time.monotonic()
                self._report([each.record for each in self._all if each.record["frames"] or each.broken])
        self._timers = []
        until = time.monotonic() + self._order.get("patience", 10)
        while time.monotonic() < until and any(each.waiting and not each.broken for each in self._all):
            self._turn()
        for each in self._all:
            self._finish(each)
        return [each.record for each in self._all]

    def _turn(self):
        wait = min(0.2, max(0, self._timers[0][0] - time.monotonic())) if self._timers else 0.2
        for key, events in self._selector.select(wait):
            self._ready(key.data, events)
        if self._mark:
            self._mark = False
            for each in self._all:
                each.record["longestStall"] = 0.0
                each.waiting = collections.deque((number, running, time.monotonic()) for number, running, _ in each.waiting)
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            due, index, lasting = heapq.heappop(self._timers)
            interval = self._interval
            if lasting is None:
                lasting = self._open()
                interval *= (index + 1) / self._order["count"] if self._order.get("spread") else 1
            elif not lasting.broken:
                self._send(lasting)
            if not lasting.broken:
                # Late by much, after a pause of the whole process: what was missed is not made up for.
                heapq.heappush(self._timers, (max(due + interval, now), index, lasting))

    def _open(self):
        lasting = _Lasting()
        self._all.append(lasting)
        try:
            lasting.connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            lasting.connection.setblocking(False)
            lasting.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lasting.connection.connect_ex((self._order["host"], self._order["port"]))
            lasting.record["source"], lasting.record["sourcePort"] = lasting.connection.getsockname()
            self._selector.register(lasting.connection, selectors.EVENT_WRITE, lasting)
            self._send(lasting)
        except OSError as error:
            self._break(lasting, error)
        return lasting

    def _send(self, lasting):
        lasting.sent += 1
        data = frame(lasting.sent)
        lasting.running = zlib.crc32(data[_HEAD.size :], lasting.running)
        lasting.waiting.append((lasting.sent, lasting.running, time.monotonic()))
        lasting.outgoing += data
        if lasting.connected:
            self._flush(lasting)

    def _flush(self, lasting):
        try:
            if lasting.outgoing:
                lasting.outgoing = lasting.outgoing[lasting.connection.send(lasting.outgoing) :]
        except BlockingIOError:
            pass
        except OSError as error:
            self._break(lasting, error)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if lasting.outgoing else 0)
        if self._selector.get_key(lasting.connection).events != wanted:
            self._selector.modify(lasting.connection, wanted, lasting)

    def _ready(self, lasting, events):
        if lasting.broken:
            return
        if not lasting.connected:
            number = lasting.connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if number:
                self._break(lasting, OSError(number, os.strerror(number)))
                return
            lasting.connected = True
        try:
            if events & selectors.EVENT_READ:
                self._receive(lasting)
        except BlockingIOError:
            pass
        except OSError as error:
            self._break(lasting, error)
            return
        self._flush(lasting)

    def _receive(self, lasting):
        piece = lasting.connection.recv(1 << 16)
        if not piece:
            raise Wrong("the server closed the connection")
        lasting.received += piece
        now = time.monotonic()
        while len(lasting.received) >= FRAME:
            first, lasting.received = lasting.received[:FRAME], lasting.received[FRAME:]
            if not lasting.waiting:
                raise Wrong("an answer came to nothing")
            number, running, since = lasting.waiting.popleft()
            name = understand(first, number, running)
            if lasting.record["server"] not in (None, name):
                raise Wrong(f"{name} answers, it was {lasting.record['server']} before")
            lasting.record["server"] = name
            lasting.record["frames"] += 1
            lasting.record["bytes"] += 2 * FRAME
            lasting.stalled(since, now)

    def _break(self, lasting, error):
        lasting.record["error"] = f"{type(error).__name__}: {error}"
        lasting.record["brokenAt"] = time.time()
        self._close(lasting)

    def _finish(self, lasting):
        if lasting.broken:
            return
        if lasting.waiting:
            waited = time.monotonic() - lasting.waiting[0][2]
            lasting.stalled(lasting.waiting[0][2], time.monotonic())
            self._break(lasting, Wrong(f"no answer for {waited:.1f} s"))
        self._close(lasting)

    def _close(self, lasting):
        if lasting.connection:
            if lasting.connection in self._selector.get_map():
                self._selector.unregister(lasting.connection)
            lasting.connection.close()


# --- clients whose connections end ------------------------------------------------------------------------------------


def short(host, port, way="close", source_port=0, more=3, timeout=_LONGEST_WAIT):
    """One short connection, a frame each way, that ends in some way; never raises, the record says what went wrong."""
    record = {"start": time.time(), "error": None, "server": None, "way": way}
    begin = time.perf_counter()
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        if source_port:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connection.bind(("", source_port))
        connection.connect((host, port))
        record["source"], record["sourcePort"] = connection.getsockname()
        number = {"server": _CLOSE | 1, "half": _MORE | more}.get(way, 1)
        sent = frame(number)
        connection.sendall(sent)
        record["server"] = understand(_exactly(connection), number, zlib.crc32(sent[_HEAD.size :]))
        _end(connection, way, more)
    except OSError as error:
        record["error"] = f"{type(error).__name__}: {error}"
        try:
            record.setdefault("source", connection.getsockname()[0])
            record.setdefault("sourcePort", connection.getsockname()[1])
        except OSError:
            pass
    finally:
        connection.close()
    record["seconds"] = time.perf_counter() - begin
    return record


def _end(connection, way, more):
    if way == "server":
        _expect_end(connection)
    elif way == "half":
        connection.shutdown(socket.SHUT_WR)
        for number in range(more, 0, -1):
            understand(_exactly(connection), number, zlib.crc32(frame(number)[_HEAD.size :]))
        _expect_end(connection)
    elif way == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif way == "vanish":
        # A socket under repair is closed without a word to the other side.
        connection.setsockopt(socket.IPPROTO_TCP, _TCP_REPAIR, 1)


def _exactly(connection):
    received = b""
    while len(received) < FRAME:
        piece = connection.recv(FRAME - len(received))
        if not piece:
            raise Wrong("the server closed the connection")
        received += piece
    return received


def _expect_end(connection):
    if connection.recv(1):
        raise Wrong("there was more where the connection should have ended")


def reuse(order):
    """One connection after another from one port, each closed by the server, so that the port is free at once."""
    records = []
    for number in range(order["rounds"]):
        if number:
            time.sleep(order.get("pause", 0.2))
        record = short(
            order["host"], order["port"], order.get("way", "server"), order["sourcePort"], timeout=order.get("timeout", 10)
        )
        records.append({**record, "round": number})
    return records


# --- SYNs that nobody follows up ----------------------------------------------------------------------------------------


def knock(order):
    """Sends a SYN from each port; the records have the connections that they would open."""
    records = []
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP) as raw:
        raw.setsockopt(socket.IPPROTO_IP, socket.IP_HDRINCL, 1)
        for port in order["ports"]:
            raw.sendto(syn(order["source"], port, order["host"], order["port"]), (order["host"], 0))
            records.append({"error": None, "server": None, "source": order["source"], "sourcePort": port})
            time.sleep(order.get("pause", 0.005))
    return records


def syn(source, source_port, destination, port):
    """A SYN as an IPv4 packet; the kernel fills in the header's checksum."""
    ends = socket.inet_aton(source) + socket.inet_aton(destination)
    tcp = struct.pack("!HHIIBBHHH", source_port, port, zlib.crc32(ends) ^ source_port, 0, 5 << 4, 0x02, 65535, 0, 0)
    pseudo = ends + struct.pack("!BBH", 0, socket.IPPROTO_TCP, len(tcp))
    total = sum(struct.unpack(f"!{len(pseudo + tcp) // 2}H", pseudo + tcp))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    tcp = tcp[:16] + struct.pack("!H", ~total & 0xFFFF) + tcp[18:]
    return struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, socket.IPPROTO_TCP, 0) + ends + tcp


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] != "serve":
        sys.exit("usage: serve PORT NAME")
    allow_many_connections()
    serve(int(sys.argv[2]), sys.argv[3])
