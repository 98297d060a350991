"""The crowd that scenarios trouble: connections that last, with data both ways, and new ones arriving throughout."""

import time

from emulation import topology
from emulation.console import percent
from emulation.traffic import percentile
from emulation.trouble import Broken
from emulation.waiting import wait_until

CONNECTIONS = 500
# A frame this often on each connection; a stall is measured from when a frame was due.
INTERVAL = 0.5
RATE = 20
_RAMP = 120


class Crowd:
    """The clients of a scenario, all at work. It begins when all connections stand, and ends with a judgement."""

    def __init__(self, lab, connections=CONNECTIONS, rate=RATE, patience=20):
        self._lab = lab
        self._count = lab.size("requests", connections)
        self._patience = patience
        self._lasting = lab.traffic(
            "lasting", port=topology.LASTING_PORT, count=self._count, interval=INTERVAL, ramp=_RAMP, patience=patience
        )
        # The records of the new connections, when the crowd has ended.
        self.arrived = []
        self._arrivals = lab.traffic("steady", rate=rate, timeout=patience) if rate else None
        lab.step(
            f"{self._count} connections that carry checksummed data both ways"
            + (f", and {rate} new ones a second" if rate else "")
        )
        wait_until("every connection stands", self._all_stand, self._count / _RAMP + 30)
        self.mark()

    def _all_stand(self):
        established, failed = self._lasting.progress()
        if failed:
            raise Broken(f"{failed} connections broke before anything happened to them")
        return established >= self._count

    def mark(self):
        """Begins the measurement of stalls anew; what went on before is forgotten, but not what broke."""
        self._lasting.mark()
        time.sleep(0.3)

    @property
    def broken(self):
        """How many of the lasting connections broke so far."""
        return self._lasting.progress()[1]

    def watch(self, seconds):
        """Lets the crowd go on for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(min(0.5, max(0.0, deadline - time.monotonic())))
            if self.broken:
                self._lab.step(f"  {self.broken} connections broke")
                return

    def end(self):
        """Ends the crowd, puts what befell it into the lab's figures, and raises Broken where a connection broke."""
        arrivals = []
        if self._arrivals:
            self._arrivals.stop()
            arrivals = self.arrived = self._arrivals.records()
        self._lasting.stop()
        records = self._lasting.records()
        broken = [record for record in records if record["error"]]
        failed = [record for record in arrivals if record["error"]]
        self._lab.broken += broken + failed
        stalls = [record["longestStall"] for record in records if not record["error"]]
        figures = {
            "connections": len(records),
            "broken": len(broken) + len(failed),
            "brokenLasting": len(broken),
            "newConnections": len(arrivals),
            "brokenNew": len(failed),
            "kilobytes": sum(record["bytes"] for record in records) >> 10,
            "stallMillis": {
                name: round(1000 * percentile(stalls, fraction), 1) if stalls else None
                for name, fraction in (("p50", 0.5), ("p99", 0.99), ("max", 1))
            },
        }
        self._lab.figures.update(figures)
        stall = figures["stallMillis"]
        console = self._lab.console
        console.line()
        console.line(f"connections that last     {len(records)}, broken {len(broken)}; {figures['kilobytes']} kB both ways")
        if self._arrivals:
            console.line(f"new connections           {len(arrivals)}, failed {len(failed)} ({percent(len(failed), len(arrivals))})")
        console.line(f"longest stall, ms         p50 {stall['p50']}, p99 {stall['p99']}, max {stall['max']}")
        console.line()
        for kind, wrong in (("lasting", broken), ("new", failed)):
            if wrong:
                first = wrong[0]
                raise Broken(
                    f"{len(wrong)} {kind} connections broke, the first of them {first.get('source')}:"
                    f"{first.get('sourcePort')} (server {first['server']}): {first['error']}"
                )
        return figures
