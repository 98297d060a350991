"""Emulated networks for the ILB application: topologies, traffic, scenarios and their launcher.

Started by `mininet/run` with the system's Python and this directory's parent on PYTHONPATH; the directory
above is called `mininet` but is no package, so the `mininet` library keeps its name.
"""
