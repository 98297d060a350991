"""One file per scenario. Its first paragraph is its promise; `play(lab)` keeps it or raises Broken.

What a scenario finds out it learns from REST, from OpenFlow (`ovs-ofctl`) and from the hosts, never from the
insides of the embedded controller, so that it runs against any ONOS. It puts its figures into `lab.figures`.
A scenario that needs an ONOS of its own, to kill it for example, says so by `EMBEDDED_ONLY = True`; one that needs programs which
not every machine has names them in `NEEDS`, and `test` leaves it out where they are missing.
"""

import ast
import importlib
from pathlib import Path

_DIRECTORY = Path(__file__).parent
# The order of `test`: the quick look that everything works first.
_FIRST = ("demo",)


def names():
    """The names of all scenarios, `demo` first."""
    found = sorted(path.stem.replace("_", "-") for path in _DIRECTORY.glob("*.py") if path.stem != "__init__")
    return [*_FIRST, *(name for name in found if name not in _FIRST)]


def promise(name):
    """The first paragraph of a scenario's documentation, without running any of its code."""
    tree = ast.parse((_DIRECTORY / f"{name.replace('-', '_')}.py").read_text())
    return " ".join((ast.get_docstring(tree) or "").split("\n\n")[0].split())


def load(name):
    """The module of a scenario."""
    return importlib.import_module(f"emulation.scenarios.{name.replace('-', '_')}")
