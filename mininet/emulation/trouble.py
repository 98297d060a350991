"""The two ways in which a run ends badly: it could not be tried, or a promise was broken."""


class Trouble(Exception):
    """What keeps a run from being tried at all, in one sentence for the person who started it."""


class Broken(Exception):
    """A scenario's promise did not hold; the text says which, with the figures."""
