"""Secrets made at the first start and kept beside the data, for this user alone."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from helpnest.errors import CannotStartError
from helpnest.postgres.folder import make_home

BYTES = 32
KEPT = {
    "HELPNEST_AUTH_KEY_SECRET": "auth-key-secret",
    "HELPNEST_ROUTER_SECRET": "router-secret",
    "HELPNEST_SERVICE_SECRET": "service-secret",
}
"""Variables whose value is made where nobody gives one, and the file that keeps it."""


def kept_secrets(home: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Give each secret: the environment's, or that of ``home``, made if need be.

    Raises:
        CannotStartError: ``home`` cannot be written.

    """
    return {
        name: env.get(name) or _kept(make_home(home) / file)
        for name, file in KEPT.items()
    }


def _kept(path: Path) -> str:
    try:
        try:
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(made, "w") as file:
            secret = secrets.token_urlsafe(BYTES)
            file.write(secret)
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotStartError(
            f"The secret in {path} cannot be kept: {error.strerror}."
        ) from error
    return secret
