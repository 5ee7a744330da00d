"""When Python looks for garbage: seldom, and not through what stays."""

import gc
from typing import Final

YOUNG_OBJECTS: Final = 200_000
"""Objects that come to be before the collector looks for circles among them.

Fifty heavy answers under way are more than 100,000, all of them trees that free
themselves: at Python's usual 700, looking at them again and again was a third of the
CPU of such requests.
"""

FEW, MANY = 5_000, 30_000
"""New objects among which it is worth to look at once, and no longer so."""


def look_seldom() -> None:
    """Look for circles among `YOUNG_OBJECTS`, from now on."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)


def tidy() -> None:
    """Look among what was just made: some milliseconds now, for ten times that later.

    Parsing leaves circles behind. Where much else is under way, looking waits.
    """
    if FEW < gc.get_count()[0] < MANY:
        gc.collect(0)


def keep() -> None:
    """Let what is there now stay, unlooked at: a start leaves next to no garbage."""
    gc.freeze()


def settle() -> None:
    """Let what is there now stay: no collection need look at it again."""
    gc.unfreeze()  # of what was served before, nothing is needed any more
    gc.collect()
    gc.freeze()
