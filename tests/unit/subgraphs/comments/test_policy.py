"""The same rules, as a condition on rows and on a comment at hand."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit.identity import ANONYMOUS, Identity
from subgraphs.comments import policy
from subgraphs.comments.models import Visibility
from subgraphs.comments.policy import EDIT_WINDOW, Standing

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    ticket_id: str = "tkt_1"
    author_id: str = "usr_1"
    visibility: Visibility = Visibility.PUBLIC
    written_at: datetime = NOW
    deleted_at: datetime | None = None


standings = st.none() | st.builds(Standing, replies=st.booleans(), works=st.booleans())
comments = st.builds(
    Said,
    ticket_id=st.just("tkt_1"),
    author_id=st.sampled_from(["usr_1", "usr_2", ""]),
    visibility=st.sampled_from(Visibility),
    written_at=st.sampled_from([NOW, NOW - EDIT_WINDOW, NOW - timedelta(days=9)]),
    deleted_at=st.sampled_from([None, NOW]),
)
callers = st.just(ANONYMOUS) | st.builds(
    Identity,
    st.sampled_from(["usr_1", "usr_3"]),
    scopes=st.sampled_from([frozenset[str](), frozenset({policy.MODERATE})]),
)


@given(standings, comments)
def test_the_condition_on_rows_says_what_the_rule_does(
    standing: Standing | None, comment: Said
) -> None:
    ticket_id, words = policy.visible("tkt_1", standing).values
    assert ticket_id == "tkt_1"
    assert isinstance(words, list)
    found = comment.visibility.value in words
    assert found == policy.can_see(standing, comment)


@given(standings, comments)
def test_notes_are_read_by_who_works_and_replies_by_who_sees(
    standing: Standing | None, comment: Said
) -> None:
    seen = policy.can_see(standing, comment)
    if standing is None:
        assert not seen
    elif comment.visibility is Visibility.INTERNAL:
        assert seen == standing.works
    else:
        assert seen


@given(callers, comments)
def test_authors_change_what_is_fresh_and_who_keeps_order_takes_back(
    caller: Identity, comment: Said
) -> None:
    mine = caller.authenticated and caller.subject == comment.author_id
    fresh = comment.written_at == NOW
    there = comment.deleted_at is None
    moderates = policy.MODERATE in caller.scopes
    assert policy.can_edit(caller, comment, NOW) == (mine and fresh and there)
    expected = there and ((mine and fresh) or moderates)
    assert policy.can_delete(caller, comment, NOW) == expected
