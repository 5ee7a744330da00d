"""The subgraph that docs/adding-a-subgraph.md builds is one."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "adding-a-subgraph.md"
BLOCK = re.compile(r"^```python\n# (\S+)\n(.*?)^```", re.DOTALL | re.MULTILINE)

# In a process of its own: the domain stays a stranger to the other tests.
BUILD = """
import sys
import subgraphs
subgraphs.__path__.append(sys.argv[1] + "/subgraphs")
from kit.settings import ServiceSettings
from subgraphs.assets.app import create_app
from subgraphs.assets.schema import schema
create_app(ServiceSettings(domain="assets", database_url="postgresql://x/assets"))
sys.stdout.write(schema.as_str())
"""


def test_what_the_page_builds_is_a_subgraph(tmp_path: Path) -> None:
    for name, text in BLOCK.findall(PAGE.read_text()):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "subgraphs" / "assets" / "__init__.py").write_text("")
    done = subprocess.run(  # noqa: S603 - our own arguments
        [sys.executable, "-W", "error", "-c", BUILD, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert 'type Asset implements Node @key(fields: "id")' in done.stdout
    assert "assets: [Asset!]" in done.stdout


def test_every_part_of_a_subgraph_is_on_the_page() -> None:
    shown = {Path(name).stem for name, _ in BLOCK.findall(PAGE.read_text())}
    parts = {
        path.stem
        for path in (ROOT / "subgraphs" / "users").iterdir()
        if not path.name.startswith("__")
    }
    assert parts <= shown
