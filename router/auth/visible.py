"""Operation, Identity → the visible operation, and what was refused.

What a caller may not see is taken out before planning, so it is never fetched for
them; in the answer it is null, and an error says so.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kit.identity import Identity
from router.auth.requirements import Demands, Requirement, Requirements
from router.errors import ClientPath, Problem
from router.operation.hidden import HIDDEN
from router.operation.model import Case, Field, Operation, SelectionSet

CODE = "UNAUTHORIZED_FIELD_OR_TYPE"
MESSAGE = "Unauthorized field or type"

Response = Literal["errors", "extensions", "disabled"]

TYPENAME = Field("__typename", "__typename", "String!")
"""Asked for where nothing else is left, so that it is known whether an object is."""


@dataclass(frozen=True)
class Visible:
    """What is left of an operation for one kind of caller.

    ``operation`` is planned, ``shape`` is projected: there the refused fields still
    have their places. ``refused`` are their paths, without list indexes.
    ``nothing`` says that no root field is left to ask a subgraph for.
    ``response`` is where the client reads of it.
    """

    operation: Operation
    shape: Operation
    refused: tuple[ClientPath, ...] = ()
    nothing: bool = False
    response: Response = "errors"

    def problems(self) -> list[Problem]:
        """Tell what is missing: the client, or (``silent``) only what answers."""
        silent = self.response != "errors"
        return [
            Problem(MESSAGE, path, {"code": CODE}, silent=silent)
            for path in self.refused
        ]

    @cached_property
    def extensions(self) -> dict[str, object]:
        """What the client reads among the answer's extensions instead."""
        if self.response != "extensions" or not self.refused:
            return {}
        errors = [
            {"message": MESSAGE, "path": list(path), "extensions": {"code": CODE}}
            for path in self.refused
        ]
        return {"authorizationErrors": errors}


class Rules:
    """What one operation demands, found once; callers are then compared with it."""

    def __init__(
        self,
        demands: Demands,
        operation: Operation,
        *,
        response: Response = "errors",
        dry_run: bool = False,
    ) -> None:
        self._demands = demands
        self._operation = operation
        self._response: Response = response
        self._dry_run = dry_run
        self.demanded: Requirements = ()
        if demands.any:
            found = dict.fromkeys(self._collect(operation.selections))
            self.demanded = tuple(found)

    def _collect(self, selections: SelectionSet) -> Requirements:
        found: list[Requirement] = []
        groups = [(selections.type, selections.fields)]
        for case in selections.cases:
            found += self._demands.of_type(case.type)
            groups.append((case.type, case.fields))
        for owner, fields in groups:
            for field in fields:
                found += self._demands.of_field(owner, field.name)
                if field.selections:
                    found += self._collect(field.selections)
        return tuple(found)

    def met_by(self, identity: Identity) -> tuple[bool, ...]:
        """Say of each requirement whether the caller meets it.

        Callers with equal answers see the same operation.
        """
        return tuple(each.met_by(identity) for each in self.demanded)

    def visible(self, met: tuple[bool, ...]) -> Visible:
        """Take out what the caller may not see."""
        if all(met):
            return Visible(self._operation, self._operation)
        unmet = {
            each for each, held in zip(self.demanded, met, strict=True) if not held
        }
        refused: dict[ClientPath, None] = {}
        look = _Look(self._demands, unmet, refused)
        kept, shape = look.selections(self._operation.selections, ())
        if not refused:
            return Visible(self._operation, self._operation)
        if self._dry_run:
            whole = self._operation
            return Visible(whole, whole, tuple(refused), response=self._response)
        own = [field for field in kept.fields if not field.name.startswith("__")]
        return Visible(
            replace(self._operation, selections=kept),
            replace(self._operation, selections=shape),
            tuple(refused),
            nothing=not own,
            response=self._response,
        )


@dataclass(slots=True)
class _Look:
    """One pass over an operation with the requirements that are not met."""

    demands: Demands
    unmet: set[Requirement]
    refused: dict[ClientPath, None]

    def selections(
        self, given: SelectionSet, path: ClientPath
    ) -> tuple[SelectionSet, SelectionSet]:
        """Give what is left of a selection set, and its shape."""
        fields, shapes = self.fields(given.type, given.fields, path)
        cases: list[Case] = []
        shaped: list[Case] = []
        for case in given.cases:
            hidden = self.unmet.intersection(self.demands.of_type(case.type))
            kept, shape = self.fields(case.type, case.fields, path, hidden=bool(hidden))
            shaped.append(Case(case.type, shape))
            if kept:
                cases.append(Case(case.type, kept))
        if not fields and not cases:
            fields = (TYPENAME,)
        return (
            replace(given, fields=fields, cases=tuple(cases)),
            replace(given, fields=shapes, cases=tuple(shaped)),
        )

    def fields(
        self,
        owner: str,
        given: tuple[Field, ...],
        path: ClientPath,
        *,
        hidden: bool = False,
    ) -> tuple[tuple[Field, ...], tuple[Field, ...]]:
        """Sort fields into those that are left and the shape of all of them."""
        kept: list[Field] = []
        shapes: list[Field] = []
        for field in given:
            here = (*path, field.key)
            demanded = self.demands.of_field(owner, field.name)
            if hidden or self.unmet.intersection(demanded):
                self.refused[here] = None
                shapes.append(replace(field, name=HIDDEN, arguments=()))
            elif field.selections is None:
                kept.append(field)
                shapes.append(field)
            else:
                inner, shape = self.selections(field.selections, here)
                kept.append(replace(field, selections=inner))
                shapes.append(replace(field, selections=shape))
        return tuple(kept), tuple(shapes)
