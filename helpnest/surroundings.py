"""What every part is told of the others: one environment for all of them."""

from collections.abc import Mapping

from helpnest.settings import StackSettings
from kit.settings import environment

JWKS_PATH = "/auth/.well-known/jwks.json"
REVOCATIONS_PATH = "/auth/revocations"
TOKEN_PATH = "/auth/token"  # noqa: S105 - a path


def surrounding(
    settings: StackSettings, urls: Mapping[str, str], auth_url: str | None = None
) -> dict[str, str]:
    """Give the environment in which each subgraph and the router run here.

    ``urls`` are the domains' databases; ``auth_url`` is where auth answers for
    itself, where that is not at the router. What a person set stands over what is
    found out here, but for the addresses of this very stack.
    """
    auth = auth_url or settings.url
    return {
        **environment(),
        **settings.secrets,
        "HELPNEST_GRAPH_URL": f"{settings.url}/graphql",
        "HELPNEST_JWKS_URL": f"{auth}{JWKS_PATH}",
        "HELPNEST_REVOCATIONS_URL": f"{auth}{REVOCATIONS_PATH}",
        "HELPNEST_TOKEN_URL": f"{auth}{TOKEN_PATH}",
        **{f"HELPNEST_{domain.upper()}_DATABASE_URL": urls[domain] for domain in urls},
    }
