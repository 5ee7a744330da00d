"""What somebody of some groups and departments sees, as the lists ask for it."""

from kit.filters import Predicate
from kit.identity import Identity
from subgraphs.tickets import policy
from subgraphs.tickets.policy.standing import Viewer

AGENT = (policy.WORK, policy.READ_GROUP)


def seen_by(*scopes: str, groups: int = 0, departments: int = 0) -> Predicate:
    """Say what somebody sees who is in groups, or heads departments."""
    caller = Identity("usr_70", scopes=frozenset({policy.READ, *scopes}))
    standing = policy.stand(
        caller,
        groups=[f"grp_{n}" for n in range(groups)],
        headed=[f"dep_{n}" for n in range(departments)],
        held=(),
    )
    return policy.visible(Viewer.of(caller, standing))
