"""What every part is told of the others."""

from helpnest.settings import StackSettings
from helpnest.surroundings import surrounding
from kit.settings import ServiceSettings


def test_a_subgraph_reads_its_settings_from_it() -> None:
    env = surrounding(StackSettings(port=4100), {"users": "postgresql://db/users"})
    own = ServiceSettings.from_environment("users", env)
    assert own.database_url == "postgresql://db/users"
    assert own.graph_url == "http://127.0.0.1:4100/graphql"
    assert own.jwks_url == "http://127.0.0.1:4100/auth/.well-known/jwks.json"
    assert own.revocations_url == "http://127.0.0.1:4100/auth/revocations"


def test_auth_may_answer_for_itself() -> None:
    env = surrounding(StackSettings(), {"users": "u"}, "http://127.0.0.1:4001")
    own = ServiceSettings.from_environment("users", env)
    assert own.jwks_url == "http://127.0.0.1:4001/auth/.well-known/jwks.json"
