"""Operation → what it costs, for any variables, and what an answer has cost."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from graphql import GraphQLSchema

from router.cost.amounts import Amount, Json, added, evaluate, multiplied
from router.cost.inputs import price_argument, size_of
from router.cost.prices import MUTATION, Prices
from router.operation.model import Field, Operation, SelectionSet, When


@dataclass(frozen=True, slots=True)
class Estimate:
    """One operation, priced once: ``amount`` is a number unless variables matter."""

    operation: Operation
    amount: Amount
    prices: Prices

    def of(self, variables: Json) -> int:
        """Say what it costs with these (coerced) variables, at most."""
        return evaluate(self.amount, variables)

    def actual(self, data: Json) -> int:
        """Count what came: each object and value at its price, arguments apart."""
        base = base_of(self.operation)
        return base + count(self.prices, self.operation.selections, data)


def estimate(prices: Prices, schema: GraphQLSchema, operation: Operation) -> Estimate:
    """Price an operation: each field, times the lists around it.

    Lists count by ``@listSize``, or as ``Prices.list_size`` objects. A selection for
    some types counts for every object: which it will be is not known.

    Raises:
        OperationError: a list that must be cut by one argument is not.

    """
    look = _Look(prices, schema)
    amount = look.selections(operation.selections, (), None)
    return Estimate(operation, added([base_of(operation), amount]), prices)


def base_of(operation: Operation) -> int:
    """Say what an operation costs before its fields."""
    return MUTATION if operation.kind == "mutation" else 0


@dataclass(frozen=True, slots=True)
class _Look:
    """One pass over an operation."""

    prices: Prices
    schema: GraphQLSchema

    def selections(
        self, given: SelectionSet, sized: tuple[str, ...], size: Amount | None
    ) -> Amount:
        """Add a selection set up; ``sized`` fields hold lists of ``size``."""
        return added(
            self.field(owner, field, size if field.name in sized else None)
            for owner, field in fields_in(given)
        )

    def field(self, owner: str, field: Field, upstream: Amount | None) -> Amount:
        """Price one field with all that is below it."""
        if field.name.startswith("__"):
            return 0
        price = self.prices.of_field(owner, field.name)
        listed = self.listed(owner, field)
        inner: Amount = 0
        if field.selections is not None:
            sized = price.size.sized if price.size else ()
            inner = self.selections(field.selections, sized, listed)
        one = added([price.weight, inner])
        if "[" in field.type:
            plain = listed if listed is not None else self.prices.list_size
            one = multiplied(plain if upstream is None else upstream, one)
        whole = added([one, *self.arguments(owner, field)])
        return guarded(whole, field.when)

    def listed(self, owner: str, field: Field) -> Amount | None:
        """Say how many objects ``@listSize`` expects; None where it is not."""
        directive = self.prices.of_field(owner, field.name).size
        if directive is None:
            return None
        return size_of(
            directive,
            field.arguments,
            self.declared(owner, field.name),
            otherwise=self.prices.list_size,
            place=f"{owner}.{field.name}",
        )

    def arguments(self, owner: str, field: Field) -> Iterator[Amount]:
        """Price each argument."""
        declared = self.declared(owner, field.name) if field.arguments else {}
        for argument in field.arguments:
            known = declared.get(argument.name)
            if known is not None:
                own = self.prices.of_argument(owner, field.name, argument.name)
                yield price_argument(self.prices, known.type, own, argument)

    def declared(self, owner: str, name: str) -> dict[str, Any]:
        """Give the arguments that a field takes."""
        kind: Any = self.schema.get_type(owner)
        field = getattr(kind, "fields", {}).get(name)
        return {} if field is None else field.args


def fields_in(given: SelectionSet) -> Iterator[tuple[str, Field]]:
    """List the fields of a selection set, each with the type it is asked of."""
    for field in given.fields:
        yield given.type, field
    for case in given.cases:
        for field in case.fields:
            yield case.type, field


def guarded(amount: Amount, when: When) -> Amount:
    """Count a field only where its ``@skip`` and ``@include`` let it be."""
    if not when or amount == 0:
        return amount

    def counted(given: Json) -> int:
        there = any(
            all(bool(given.get(one.variable)) is not one.negated for one in every)
            for every in when
        )
        return evaluate(amount, given) if there else 0

    return counted


def count(prices: Prices, given: SelectionSet, value: Json) -> int:
    """Count what one object holds; a key that two types share counts once."""
    total = 0
    seen: set[str] = set()
    for owner, field in fields_in(given):
        if field.key in value and field.key not in seen:
            seen.add(field.key)
            weight = prices.of_field(owner, field.name).weight
            for each in flat(value[field.key]):
                total += weight
                if field.selections is not None and isinstance(each, dict):
                    inner = cast("Json", each)
                    total += count(prices, field.selections, inner)
    return total


def flat(value: object) -> Iterable[object]:
    """List the values in lists, however deep; null is none.

    >>> list(flat([1, [2, None]])), list(flat(3))
    ([1, 2], [3])
    """
    if isinstance(value, list):
        for each in cast("list[object]", value):
            yield from flat(each)
    elif value is not None:
        yield value
