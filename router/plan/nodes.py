"""What a query plan is made of: fetches, what each sends, and where answers go.

A plan is a graph of fetches, not a tree of waves: each fetch names the fetches
whose answers it reads (`after`), and may start the moment they have all been
settled. `router.plan.render` draws the graph as Federation's own text form.

Gathered data
    Every answer is merged into one JSON tree, the *gathered data*, which starts
    as `{}` and has the operation's shape:

    - A client's field is found under its **response key** (its alias, or its
      name), at the place where the operation asks for it. This holds without
      exception: where the planner had to send another alias because a subgraph
      would have refused two fields under one key, the fetch carries a `Rename`
      and the answer is renamed before it is merged.
    - What the planner needs beyond that (keys, `@requires` fields, `__typename`)
      lies beside it under keys that no client field uses at that place. The
      projection never looks at them, except for `__typename`.
    - `__typename` is the concrete type's API name. It is gathered wherever the
      operation's type is abstract and something depends on the concrete type;
      where the operation's type is an object type it may be absent (the
      projection knows it). No client field is ever stored under `__typename`:
      normalisation refuses an alias of that name for another field.
    - Root `__typename`, `__schema` and `__type` are in no plan. The projection
      answers them.

Merging
    Objects merge key by key, lists index by index. An object replaces null and
    absence; null never replaces an object or a list; any other later value
    replaces an earlier one (so an entity fetch corrects the `__typename` that an
    interface object gave).
"""

from dataclasses import dataclass
from typing import Literal

EACH = "@"
"""The path step into every element of a list (Federation's own sign)."""

OperationKind = Literal["query", "mutation", "subscription"]


@dataclass(frozen=True, slots=True)
class TypeCondition:
    """A path step that keeps only the objects of these concrete types.

    It reads the gathered `__typename`; an object without one is kept only if it
    was gathered where the type is not abstract, so such steps are only planned
    where `__typename` is gathered.
    """

    types: tuple[str, ...]


PathStep = str | TypeCondition
"""A gathered key, `EACH`, or a type condition."""

Path = tuple[PathStep, ...]
"""Where objects lie in the gathered data: `("users", "@", "manager")`."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One `@include(if: $variable)`, or `@skip(if: $variable)` if negated."""

    variable: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """One field of a representation, and where the gathered object holds it.

    The value is `gathered[key]`. For a composite field `fields` is not empty: the
    value is null, an object or a list (of lists) of objects, each rebuilt from
    `fields`. A leaf is sent as it was gathered.

    `on` is empty, or names the concrete types (gathered `__typename`) of the
    object for which this field is taken at all; other objects go without it. A
    nested object of an abstract type is sent with its `__typename`, for which
    there is an ordinary `Taken("__typename", "__typename")`.

    `required` fields are the key: a representation is not sent if such a field is
    null or absent. For the rest (`@requires`), null is sent as null, and a field
    that is *absent* (its fetch failed) also means the representation is not sent.
    """

    name: str
    key: str
    fields: tuple["Taken", ...] = ()
    on: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Representation:
    """How an object of certain concrete types is shown to a subgraph.

    `types` are the gathered `__typename`s it serves; empty means every object at
    the input's path, whatever its gathered `__typename` (or lack of one).
    `typename` is the `__typename` sent: the type's own name, or the interface's
    where the subgraph knows it as an interface object.
    """

    types: tuple[str, ...]
    typename: str
    fields: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Rename:
    """A response key of the subgraph that is gathered under another key.

    `at` leads from the fetch's (or the entity's) own object to the objects that
    hold `sent`, in keys *as the subgraph sends them*, lists descended without a
    step. If an object there has the key `sent`, its value moves to `key` before
    merging; if it has not (another concrete type), nothing happens. Deeper
    renames are listed before shallower ones, so applying them in order is right.
    """

    at: tuple[str, ...]
    sent: str
    key: str


@dataclass(frozen=True, slots=True)
class Contextual:
    """An argument that an input's one field reads from an ancestor (`@fromContext`).

    The ancestor is the object `up` steps of the input's path above the one that is
    shown. Its value is what the first of `taken` that is for its type leads to, with
    what is inside of that; it is null where none is. It is sent in `variable`, which
    is of `type`. An object whose value was never gathered is not shown; one whose value
    is null where `type` allows none is not either, and its field `key` has an error.
    """

    variable: str
    name: str
    type: str
    key: str
    up: int
    taken: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class EntityInput:
    """One `_entities` selection of a fetch: whom to ask about, and with what.

    The objects at `path`, and at each path of `also`, that match a representation
    are shown to the subgraph in the variable `variable`, place by place; equal
    representations may be sent once, wherever they come from. The answer's
    list under `response_key` lines up with what was sent, and each element is
    merged into every object it was sent for (null: the object stays as it is).
    If `guards` do not all hold, no object is taken.

    With `contextual` arguments the input asks for one field only, and once for all
    objects that have the same values for them: its part of the document is repeated,
    under other keys and variables, for as many values as there are.
    """

    variable: str
    response_key: str
    path: Path
    representations: tuple[Representation, ...]
    renames: tuple[Rename, ...] = ()
    guards: tuple[Guard, ...] = ()
    also: tuple[Path, ...] = ()
    contextual: tuple[Contextual, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every place, in the order in which its objects are shown."""
        return (self.path, *self.also)


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request to one subgraph.

    A fetch with no `inputs` asks root fields: its `data` is merged into the root
    of the gathered data, after `renames`. (A field may give the query type again,
    as payloads of mutations do. What another subgraph has of it is asked as root
    fields, and merged into each object at the path `at`; with none, no request is
    made.) A fetch with inputs asks `_entities`,
    once for each; inputs that come to no representation at all are left out by
    sending an empty list, and if all are empty the request is not made.

    `document` is the complete operation. `variables` are the client's variables
    that it uses, to be forwarded under the same names where the client gave them;
    each input adds its own.

    `after` are the ids of the fetches whose answers (or failures: either settles
    them) must be there first. It is complete: it includes what the representations
    read and, for mutations, everything that belongs to earlier root fields.

    If `guards` do not all hold, the request is not made, which settles it. `part` is
    the deferred part for which it is made, 0 being what is answered first.
    """

    id: int
    service: str
    kind: OperationKind
    document: str
    operation_name: str | None = None
    variables: tuple[str, ...] = ()
    after: tuple[int, ...] = ()
    inputs: tuple[EntityInput, ...] = ()
    renames: tuple[Rename, ...] = ()
    guards: tuple[Guard, ...] = ()
    at: Path = ()
    part: int = 0


@dataclass(frozen=True, slots=True)
class Deferred:
    """One deferred part: answered once the fetches of the parts it reads are settled.

    `path` leads to its objects in response keys, `parent` is the part around it.
    """

    number: int
    parent: int
    label: str | None
    path: tuple[str, ...]
    reads: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The fetches that answer one operation, each after those it waits for.

    `fetches` is in a valid order of execution, one after the other. It is empty
    where nothing needs a subgraph (introspection only). For a subscription the
    first fetch is the subscription itself and everything else depends on it: it
    is run again for every event. `waves` is the length of the longest chain.

    `labels` names the `@override` labels that were taken as active. `deferred` are
    the parts that come after the first answer, each after its parent.
    """

    kind: OperationKind
    fetches: tuple[Fetch, ...]
    waves: int = 0
    labels: tuple[str, ...] = ()
    deferred: tuple[Deferred, ...] = ()
