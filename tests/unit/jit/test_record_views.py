"""Classes whose objects show records."""

from jit.record_views import Made, RecordView, view_of

VIEW = RecordView("row", {"id"})


class Shown:
    __record_view__ = VIEW


class Further(Shown):
    pass


def test_a_view_is_the_classs_own_word() -> None:
    assert view_of(Shown) is VIEW
    assert view_of(Further) is None
    assert view_of(int) is None


def test_what_is_made_of_a_record_may_be_nothing() -> None:
    made = Made(dict, {"id": "status_id", "name": "status_name"})
    assert made({"status_id": None, "status_name": "n"}) == {"id": None, "name": "n"}
    assert Made(dict, {"id": "a"}, optional=True)({"a": None}) is None
