from kit.identity import ANONYMOUS, Identity
from subgraphs.comments.policy import READ, can_read


def test_only_who_holds_the_permission_reads() -> None:
    assert can_read(Identity("usr_1", scopes=frozenset({READ})))
    assert not can_read(Identity("usr_1", scopes=frozenset({"users:read"})))
    assert not can_read(ANONYMOUS)
