"""What is written about router.yaml is what the router takes."""

from pathlib import Path

from router.settings import load_settings
from router.settings.page import configuration_page
from router.settings.reference import keys, schema_text

ROOT = Path(__file__).parents[2]
SAY_SO = "run `make config`, and read the difference before you commit it"


def test_the_committed_page_is_the_settings_own() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert page == configuration_page(), SAY_SO


def test_the_committed_schema_for_editors_is_the_settings_own() -> None:
    schema = (ROOT / "schema" / "router.schema.json").read_text()
    assert schema == schema_text(), SAY_SO


def test_every_key_says_what_it_is_for() -> None:
    assert [key.place for key in keys() if not (key.says or key.unlike)] == []


def test_the_router_starts_with_the_shipped_configuration_and_no_variables() -> None:
    settings = load_settings(ROOT / "router" / "router.yaml", {})
    assert settings.supergraph.listen == "127.0.0.1:4000"
