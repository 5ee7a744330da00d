"""What the demo company's people sign in with: made at the first start, kept here.

The file lies beside the data, for this user alone. It says as well how far the
company has moved in, so that a first start that was cut short goes on.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

FILE: Final = "demo.json"


@dataclass(slots=True)
class Credentials:
    """``began_at`` is when the first start was: the tickets' weeks end there.

    ``passwords`` are by e-mail address.
    """

    began_at: str
    complete: bool = False
    large: bool = False
    passwords: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def began(self) -> datetime:
        """The instant of the first start."""
        return datetime.fromisoformat(self.began_at)

    def keep(self, home: Path) -> None:
        """Write the file whole, or not at all."""
        path = home / FILE
        fresh = path.with_suffix(".new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(fresh, flags, 0o600), "w") as file:
            json.dump(asdict(self), file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


def kept(home: Path) -> Credentials | None:
    """Read the file, if there is one."""
    path = home / FILE
    if not path.is_file():
        return None
    return Credentials(**json.loads(path.read_text()))
