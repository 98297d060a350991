"""Eight parallel downloads of 200 MB through the virtual IP arrive whole, and cost the controller nothing once they
run: not one set-up packet-in after the first second.
"""

import time

from emulation import observe
from emulation.console import percent
from emulation.trouble import Broken

_PARALLEL = 8
_SIZE = 200_000_000


def play(lab):
    plan = lab.routed_plan()
    lab.bring_up(plan)
    digest = lab.servers.file("big", _SIZE)

    lab.step(f"{_PARALLEL} parallel downloads of {_SIZE // 1_000_000} MB from http://{lab.vip}/files/big")
    begin = time.monotonic()
    traffic = lab.traffic("download", parallel=_PARALLEL, path="/files/big", timeout=60)
    time.sleep(1)
    early = observe.setup_punts(lab.network, lab.vip)
    records = traffic.wait(
        300, period=5, each=lambda done, failed: lab.step(f"  {done} of {_PARALLEL} downloads complete, {failed} failed")
    )
    seconds = time.monotonic() - begin
    late = observe.setup_punts(lab.network, lab.vip) - early

    received = sum(record["bytes"] for record in records)
    failed = [record for record in records if record["error"]]
    wrong = [record for record in records if not record["error"] and record["sha256"] != digest]
    lab.figures.update(
        downloads=len(records),
        failed=len(failed),
        wrongContents=len(wrong),
        bytes=received,
        seconds=round(seconds, 1),
        megabitsPerSecond=round(received * 8 / seconds / 1e6),
        setupPacketInsLater=late,
    )
    lab.console.table(
        "downloads",
        ("client", "MB", "of the file", "seconds", "contents"),
        [
            (
                record["client"],
                record["bytes"] // 1_000_000,
                percent(record["bytes"], _SIZE),
                f"{record['seconds']:.1f}",
                record["error"] or ("equal" if record["sha256"] == digest else "DIFFERENT"),
            )
            for record in records
        ],
    )
    lab.console.line(f"\n{received * 8 / seconds / 1e6:.0f} Mbit/s in all; {late} set-up packet-ins after the first second\n")
    if failed:
        raise Broken(f"{len(failed)} of {len(records)} downloads failed, the first of them: {failed[0]['error']}")
    if wrong:
        raise Broken(f"{len(wrong)} downloads arrived with other contents than were sent")
    if late:
        raise Broken(f"there were {late} set-up packet-ins after the first second")
