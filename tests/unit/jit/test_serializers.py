from datetime import UTC, datetime, timedelta, timezone
from operator import methodcaller

from hypothesis import given
from hypothesis import strategies as st

from jit.serializers import faster, isoformat

moments = st.datetimes(
    timezones=st.none() | st.sampled_from([UTC, timezone(timedelta(hours=2))])
)


@given(moments)
def test_moments_are_written_as_isoformat_writes_them(moment: datetime) -> None:
    assert isoformat(moment) == moment.isoformat()


def test_only_the_serialiser_that_is_known_is_replaced() -> None:
    other = methodcaller("isoformat", "T")
    assert faster(methodcaller("isoformat")) is isoformat
    assert faster(other) is other
    assert faster(str) is str
