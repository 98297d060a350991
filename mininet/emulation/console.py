"""What a run says while it works: steps with the time since the start, and tables at the end."""

import sys
import time


class Console:
    """Writes progress for people; nothing reads it back. Not for use by several threads at once."""

    def __init__(self, stream=None, clock=time.monotonic):
        self._stream = stream or sys.stdout
        self._clock = clock
        self._start = clock()

    def elapsed(self):
        """Seconds since this console was made."""
        return self._clock() - self._start

    def step(self, text):
        """Says what happens now."""
        self._write(f"{self.elapsed():6.1f} s  {text}")

    def line(self, text=""):
        """Writes a line of a result, without a time."""
        self._write(text)

    def table(self, title, header, rows):
        """Writes a table; numbers are set to the right, everything else to the left."""
        cells = [[str(cell) for cell in row] for row in rows]
        widths = [max(len(row[column]) for row in [list(header), *cells]) for column in range(len(header))]
        numeric = [
            bool(rows) and all(isinstance(row[column], (int, float)) or _is_figure(str(row[column])) for row in rows)
            for column in range(len(header))
        ]

        def laid_out(row):
            return "  ".join(
                cell.rjust(width) if right else cell.ljust(width) for cell, width, right in zip(row, widths, numeric)
            ).rstrip()

        self._write("")
        self._write(title)
        self._write("  " + laid_out(header))
        self._write("  " + "  ".join("-" * width for width in widths))
        for row in cells:
            self._write("  " + laid_out(row))

    def _write(self, text):
        print(text, file=self._stream, flush=True)


def _is_figure(text):
    return text in ("", "-") or text.rstrip("%").replace(".", "", 1).replace(",", "").isdecimal()


def percent(part, whole):
    """A share as people read it; of nothing it is a dash."""
    return f"{100 * part / whole:.1f}%" if whole else "-"
