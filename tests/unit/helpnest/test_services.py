"""The applications, and what is said when one cannot be made."""

import pytest

from helpnest import services
from helpnest.errors import CannotStartError
from helpnest.services import create_router


@pytest.mark.parametrize("sdl", ["type Query {", "type Query { a: Int }"])
def test_a_supergraph_that_is_none_gets_a_sentence(
    monkeypatch: pytest.MonkeyPatch, sdl: str
) -> None:
    monkeypatch.setattr(services, "read_supergraph_sdl", lambda: sdl)
    with pytest.raises(CannotStartError, match="The router cannot start: "):
        create_router({}, {}, {})


def test_settings_that_are_none_get_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("settings") / "router.yaml"
    path.write_text("limits: {max_dept: 3}")
    monkeypatch.setattr(services, "ROUTER_YAML", path)
    with pytest.raises(CannotStartError, match="did you mean max_depth"):
        create_router({}, {}, {})
