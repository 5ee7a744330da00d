"""When Python looks for garbage: seldom, and not through what stays."""

import gc
from typing import Final

YOUNG_OBJECTS: Final = 200_000
"""Objects that come to be before the collector looks for circles among them.

Fifty heavy answers under way are more than 100,000, all of them trees that free
themselves: at Python's usual 700, looking at them again and again was a third of the
CPU of such requests.
"""


def look_seldom() -> None:
    """Look for circles among `YOUNG_OBJECTS`, from now on."""
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)


def keep() -> None:
    """Let what is there now stay, unlooked at: a start leaves next to no garbage."""
    gc.freeze()


def settle() -> None:
    """Let what is there now stay: no collection need look at it again."""
    gc.unfreeze()  # of what was served before, nothing is needed any more
    gc.collect()
    gc.freeze()
