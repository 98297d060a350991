"""Unit tests of the Python package: `python3 -m unittest discover -t mininet -s mininet/emulation/tests`."""
