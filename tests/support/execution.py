"""Which execution the tests run on: ``HELPNEST_EXECUTION=standard make test``."""

from typing import Final

from kit.settings import Execution, environment, pick

EXECUTION: Final[Execution] = (
    "standard"
    if pick(environment(), "HELPNEST_EXECUTION", ("compiled", "standard")) == "standard"
    else "compiled"
)
