"""What was worked out once and is kept while it is in use, within bounds."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """Forget what was not used for longest when there are too many, or too heavy.

    ``weight`` is any measure that adds up, such as the length of a text.

    >>> cache = Cache[int](limit=2)
    >>> for key in "abca":
    ...     _ = cache.get(key) or cache.put(key, ord(key))
    >>> sorted(key for key in "abc" if cache.get(key))
    ['a', 'c']
    """

    def __init__(self, *, limit: int, heaviest: int = 1 << 62) -> None:
        self._limit = limit
        self._heaviest = heaviest
        self._weight = 0
        self._known: OrderedDict[object, tuple[Value, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def values(self) -> list[Value]:
        """Give all that is kept, in the order in which it was last used."""
        return [value for value, _ in self._known.values()]

    def clear(self) -> None:
        """Forget all of it, one after the other."""
        while self._known:
            self._known.popitem()
        self._weight = 0

    def get(self, key: object) -> Value | None:
        """Give what is known, and remember that it is in use."""
        found = self._known.get(key)
        if found is None:
            return None
        self._known.move_to_end(key)
        return found[0]

    def put(self, key: object, value: Value, weight: int = 1) -> Value:
        """Keep a value, unless it alone weighs too much."""
        if weight > self._heaviest:
            return value
        known = self._known.pop(key, None)
        self._weight += weight - (known[1] if known else 0)
        self._known[key] = (value, weight)
        while len(self._known) > self._limit or self._weight > self._heaviest:
            _, (_, freed) = self._known.popitem(last=False)
            self._weight -= freed
        return value

    def get_or_make(self, key: object, make: Callable[[], Value]) -> Value:
        """Give what is known, or make it now."""
        found = self.get(key)
        return self.put(key, make()) if found is None else found


def empty(known: object) -> None:
    """Take one after the other out of a mapping: all at once may take long."""
    while isinstance(known, dict) and known:
        known.popitem()
