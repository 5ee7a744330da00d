"""The section of router.yaml about headers that go on to subgraphs."""

from pydantic import Field, model_validator

from router.settings.values import HeaderName, HeaderValue, NamesExpression, Section


class Propagate(Section):
    """Pass a client's header on, under its own or another name."""

    named: HeaderName | None = Field(default=None, description="The header's name.")
    matching: NamesExpression | None = Field(
        default=None,
        description="A regular expression that is found in names, in lower case.",
    )
    rename: HeaderName | None = Field(
        default=None, description="Its name from here on."
    )
    default: HeaderValue | None = Field(
        default=None, description="Sent where the client sent none."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "Propagate":
        if (self.named is None) == (self.matching is None):
            raise ValueError("say either named or matching")
        if self.named is None and (self.rename or self.default is not None):
            raise ValueError("rename and default need named")
        return self


class Insert(Section):
    """Send a fixed header."""

    name: HeaderName = Field(description="Its name.")
    value: HeaderValue = Field(description="Its value.")


class Remove(Section):
    """Take out what an earlier rule put in."""

    named: HeaderName | None = Field(default=None, description="The header's name.")
    matching: NamesExpression | None = Field(
        default=None, description="A regular expression that is found in names."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "Remove":
        if (self.named is None) == (self.matching is None):
            raise ValueError("say either named or matching")
        return self


class HeaderRule(Section):
    """One rule: exactly one of the three."""

    propagate: Propagate | None = Field(default=None, description="Pass it on.")
    insert: Insert | None = Field(default=None, description="Send a fixed one.")
    remove: Remove | None = Field(default=None, description="Take it out again.")

    @model_validator(mode="after")
    def _exactly_one(self) -> "HeaderRule":
        said = [self.propagate, self.insert, self.remove]
        if sum(rule is not None for rule in said) != 1:
            raise ValueError("say exactly one of propagate, insert, remove")
        return self


class ResponsePropagate(Section):
    """Pass a subgraph's header on to the client."""

    named: HeaderName | None = Field(default=None, description="The header's name.")
    matching: NamesExpression | None = Field(
        default=None, description="A regular expression that is found in names."
    )
    rename: HeaderName | None = Field(
        default=None, description="Its name from here on."
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> "ResponsePropagate":
        if (self.named is None) == (self.matching is None):
            raise ValueError("say either named or matching")
        if self.named is None and self.rename:
            raise ValueError("rename needs named")
        return self


class ResponseRule(Section):
    """One rule about a subgraph's answers."""

    propagate: ResponsePropagate = Field(description="Pass it on to the client.")


class HeaderRules(Section):
    """Rules in the order in which they apply."""

    request: tuple[HeaderRule, ...] = Field(
        default=(),
        description="What goes to the subgraph, rule after rule; of rules that "
        "propagate under one name, the first that finds something counts.",
    )
    response: tuple[ResponseRule, ...] = Field(
        default=(),
        description="Ours alone: headers of its answers for the client; repeated ones "
        "are passed on apart, never joined.",
    )


class Headers(Section):
    """``headers``: for every subgraph, then for some."""

    all: HeaderRules = HeaderRules.usual(
        request=(HeaderRule.usual(propagate=Propagate.usual(named="authorization")),)
    )
    subgraphs: dict[str, HeaderRules] = Field(
        default_factory=dict[str, HeaderRules],
        description="By name; after the rules for all.",
    )

    def of(self, subgraph: str) -> tuple[HeaderRule, ...]:
        """Give the rules of one subgraph, those for all of them first."""
        own = self.subgraphs.get(subgraph)
        return self.all.request + (own.request if own else ())

    def returned(self, subgraph: str) -> tuple[ResponseRule, ...]:
        """Give the rules for a subgraph's answers, those for all of them first."""
        own = self.subgraphs.get(subgraph)
        return self.all.response + (own.response if own else ())
