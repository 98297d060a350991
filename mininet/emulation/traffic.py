"""Traffic of clients: programs that run inside a client's namespace, and the side that starts them.

As a program it takes one JSON object as its argument and writes JSON lines: `{"progress": {...}}` now and
then, `{"result": {...}}` last.

    {"kind": "requests", "host": "10.100.0.1", "port": 80, "count": 500, "concurrency": 8, "timeout": 20}
        HTTP requests, each on a new connection; the result lists every connection with its 4-tuple,
        what the server said about itself and about the client, and its latency.
    {"kind": "download", "host": ..., "port": ..., "path": "/files/big", "parallel": 2, "timeout": 300}
        Whole files, in parallel, each on a connection of its own, with the checksum of what arrived.
    {"kind": "steady", ..., "rate": 20, "seconds": 600}
        Requests at a rate, until told to stop by SIGTERM.

More kinds, of connections that last or end in special ways, are in `lasting.py`.
"""

import hashlib
import json
import queue
import signal
import socket
import sys
import threading
import time

from emulation import lasting

_PIECE = 1 << 18


# --- inside the client's namespace ------------------------------------------------------------------------------------


def request(host, port, path="/", timeout=20, source_port=0):
    """One HTTP request on a new connection; never raises, the record says what went wrong."""
    record = {"start": time.time(), "error": None, "server": None}
    begin = time.perf_counter()
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        connection.settimeout(timeout)
        if source_port:
            connection.bind(("", source_port))
        connection.connect((host, port))
        record["source"], record["sourcePort"] = connection.getsockname()
        record["connected"] = time.perf_counter() - begin
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        _understand(answer, record)
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


def _understand(answer, record):
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head.split(b"\r\n", 1)[0].decode("latin-1")
    words = body.decode("latin-1").split()
    if " 200 " not in status + " " or len(words) != 5:
        record["error"] = f"unexpected answer: {status or 'nothing'}"
        return
    record["server"] = words[0]
    record["seenClient"], record["seenPort"] = words[1], int(words[2])
    record["serverAddress"] = words[3]


def download(host, port, path, timeout):
    """One file on a new connection; the record has its size, SHA-256, and the longest wait for more of it."""
    record = {"error": None, "bytes": 0, "sha256": None, "start": time.time(), "longestStall": 0.0}
    digest = hashlib.sha256()
    begin = time.perf_counter()
    try:
        with socket.create_connection((host, port), timeout=timeout) as connection:
            record["source"], record["sourcePort"] = connection.getsockname()
            connection.settimeout(timeout)
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            buffer = bytearray(_PIECE)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(4096)
                if not piece:
                    raise OSError("the connection ended before the answer's head")
                head += piece
            head, _, rest = head.partition(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0] + b" ":
                raise OSError(f"unexpected answer: {head.splitlines()[0].decode('latin-1')}")
            digest.update(rest)
            record["bytes"] = len(rest)
            last = time.perf_counter()
            while count := connection.recv_into(buffer):
                now = time.perf_counter()
                if now - last > record["longestStall"]:
                    record["longestStall"], record["stalledAt"] = now - last, time.time()
                last = now
                digest.update(memoryview(buffer)[:count])
                record["bytes"] += count
        record["sha256"] = digest.hexdigest()
    except OSError as error:
        record["error"] = f"{type(error).__name__}: {error}"
    record["seconds"] = time.perf_counter() - begin
    return record


def _in_threads(jobs, concurrency, work, report):
    """Does all jobs with so many threads; returns the records in the order in which they ended."""
    todo, done = queue.SimpleQueue(), []
    for job in jobs:
        todo.put(job)

    def worker():
        while True:
            try:
                job = todo.get_nowait()
            except queue.Empty:
                return
            done.append(work(job))

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(0.5 / len(threads))
        report(done)
    return done


def _tell(**message):
    print(json.dumps(message), flush=True)


def _count(done):
    _tell(progress={"done": len(done), "failed": sum(1 for record in done if record["error"])})


def _run_requests(order):
    timeout = order.get("timeout", 20)
    # The server closes first, so the kernel may give a port to a second connection at once. Where connections are told
    # apart by their ports each gets one of its own, below those that the kernel chooses from.
    first = order.get("firstPort")
    return _in_threads(
        range(order["count"]),
        order.get("concurrency", 8),
        lambda job: request(
            order["host"], order["port"], order.get("path", "/"), timeout, 0 if first is None else first + job
        ),
        _count,
    )


def _run_download(order):
    return _in_threads(
        range(order.get("parallel", 1)),
        order.get("parallel", 1),
        lambda _: download(order["host"], order["port"], order["path"], order.get("timeout", 300)),
        _count,
    )


def _run_steady(order):
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    done, lock, threads = [], threading.Lock(), []

    def one():
        record = request(order["host"], order["port"], order.get("path", "/"), order.get("timeout", 20))
        with lock:
            done.append(record)

    deadline = time.monotonic() + order.get("seconds", 600)
    period, due = 1 / order.get("rate", 20), time.monotonic()
    while not stop.is_set() and time.monotonic() < deadline:
        threads.append(threading.Thread(target=one, daemon=True))
        threads[-1].start()
        due += period
        stop.wait(max(0, due - time.monotonic()))
    for thread in threads:
        thread.join(order.get("timeout", 20) + 1)
    return done


def _run_lasting(order):
    return lasting.Lasting(order, _count).run()


def _run_endings(order):
    ways, first = order.get("ways", list(lasting.WAYS)), order.get("firstPort")

    def one(index):
        return lasting.short(
            order["host"],
            order["port"],
            ways[index % len(ways)],
            source_port=0 if first is None else first + index,
            more=order.get("more", 3),
            timeout=order.get("timeout", 20),
        )

    return _in_threads(range(order["count"]), order.get("concurrency", 8), one, _count)


def _run_reuse(order):
    rounds = _in_threads(
        order["ports"],
        order.get("concurrency", len(order["ports"])),
        lambda port: lasting.reuse({**order, "sourcePort": port}),
        lambda done: _count([record for records in done for record in records]),
    )
    return [record for records in rounds for record in records]


_KINDS = {
    "requests": _run_requests,
    "download": _run_download,
    "steady": _run_steady,
    "lasting": _run_lasting,
    "endings": _run_endings,
    "reuse": _run_reuse,
    "knocks": lasting.knock,
}


def main(arguments):
    order = json.loads(arguments[0])
    _tell(result={"records": _KINDS[order["kind"]](order)})
    return 0


# --- beside the scenario ----------------------------------------------------------------------------------------------


class Traffic:
    """Traffic from several hosts at once. Start it and stop it in the same, the main, thread."""

    def __init__(self, network, orders):
        """`orders` maps names of hosts to what the program takes."""
        self._children, self._readers, self._progress, self._records = {}, [], {}, {}
        for host, order in orders.items():
            child = network.start_module(host, "emulation.traffic", json.dumps(order), stdout=-1, stderr=-1, text=True)
            self._children[host] = child
            reader = threading.Thread(target=self._read, args=(host, child), daemon=True)
            reader.start()
            self._readers.append(reader)

    @property
    def running(self):
        return any(child.running for child in self._children.values())

    def progress(self):
        """How many are done and how many of these failed, over all hosts."""
        states = list(self._progress.values())
        return sum(state["done"] for state in states), sum(state["failed"] for state in states)

    def wait(self, seconds, each=None, period=2.0):
        """Waits for the end, calling `each(done, failed)` every so often, and returns all records."""
        deadline = time.monotonic() + seconds
        told = time.monotonic()
        while self.running and time.monotonic() < deadline:
            time.sleep(0.05)
            if each and time.monotonic() - told >= period:
                told = time.monotonic()
                each(*self.progress())
        if self.running:
            done, failed = self.progress()
            self.stop(force=True)
            raise OSError(f"traffic did not end within {seconds:g} s: {done} done, {failed} of them failed")
        return self.records()

    def mark(self):
        """Has `lasting` traffic measure its stalls from now on."""
        for child in self._children.values():
            child.signal(signal.SIGUSR1)

    def stop(self, force=False):
        """Ends what still runs: asked to, so that traffic without an end of its own still reports; or at once."""
        for child in self._children.values():
            child.signal(signal.SIGKILL if force else signal.SIGTERM)
        for child in self._children.values():
            if child.wait(30) is None:
                child.stop()

    def records(self):
        """Every connection of all hosts; each record names its `client`."""
        for reader in self._readers:
            reader.join(10)
        for host, child in self._children.items():
            if host not in self._records:
                said = child.process.stderr.read().strip().splitlines()
                raise OSError(f"the traffic program on {host} gave no result: {said[-1] if said else 'it was stopped'}")
        return [{**record, "client": host} for host, records in self._records.items() for record in records]

    def _read(self, host, child):
        for line in child.process.stdout:
            message = json.loads(line)
            if "progress" in message:
                self._progress[host] = message["progress"]
            else:
                self._records[host] = message["result"]["records"]


def percentile(values, fraction):
    """The value that a fraction of all values does not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(fraction * len(ordered)))] if ordered else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
