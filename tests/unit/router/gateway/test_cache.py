"""What is forgotten when there is too much."""

from router.gateway.cache import Cache


def test_what_was_not_used_for_longest_is_forgotten_first() -> None:
    cache = Cache[str](limit=2)
    cache.put("a", "A")
    cache.put("b", "B")
    assert cache.get("a") == "A"
    cache.put("c", "C")
    assert [cache.get(key) for key in "abc"] == ["A", None, "C"]


def test_the_weight_of_all_together_is_bounded() -> None:
    cache = Cache[str](limit=100, heaviest=10)
    cache.put("a", "A", 6)
    cache.put("b", "B", 4)
    cache.put("c", "C", 5)
    assert [cache.get(key) for key in "abc"] == [None, "B", "C"]


def test_what_alone_is_too_heavy_is_not_kept_and_pushes_nothing_out() -> None:
    cache = Cache[str](limit=100, heaviest=10)
    cache.put("a", "A", 6)
    assert cache.put("big", "BIG", 11) == "BIG"
    assert (cache.get("a"), cache.get("big")) == ("A", None)


def test_replacing_a_value_replaces_its_weight() -> None:
    cache = Cache[str](limit=100, heaviest=10)
    for _ in range(5):
        cache.put("a", "A", 6)
    cache.put("b", "B", 4)
    assert len(cache) == 2


def test_a_value_is_made_once() -> None:
    cache = Cache[int](limit=2)
    made = iter([1, 2])
    assert [cache.get_or_make("k", lambda: next(made)) for _ in range(3)] == [1, 1, 1]
