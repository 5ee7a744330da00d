from pathlib import Path

import pytest
from alembic import context
from sqlalchemy import MetaData

from kit import migrations
from kit.migrations import alembic_config, migrations_folder, run_environment


def test_migrations_lie_beside_the_packages() -> None:
    assert migrations_folder() == Path(migrations.__file__).parents[1] / "migrations"


def test_a_domains_environment_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "migrations_folder", lambda: tmp_path)
    (tmp_path / "diary").mkdir()
    (tmp_path / "diary" / "env.py").touch()

    found = alembic_config("diary").get_main_option("script_location")
    assert found == str(tmp_path / "diary")


@pytest.mark.parametrize("domain", ["nowhere", "", ".."])
def test_a_domain_without_migrations_is_named(
    domain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "migrations_folder", lambda: tmp_path)

    with pytest.raises(LookupError, match=f"no migrations for '{domain}'"):
        alembic_config(domain)


def test_alembic_by_itself_is_told_the_right_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Alone:
        attributes: dict[str, object] = {}  # noqa: RUF012 - one test's

    monkeypatch.setattr(context, "config", Alone(), raising=False)

    with pytest.raises(RuntimeError, match="helpnest migrate"):
        run_environment(MetaData())
