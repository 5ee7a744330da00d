"""The sections of router.yaml about cost: demand_control, and budgets of our own."""

from typing import Literal

from pydantic import Field

from router.settings.values import Duration, Section


class StaticEstimated(Section):
    """``demand_control.strategy.static_estimated``: by @cost and @listSize."""

    list_size: int = Field(
        default=10, ge=0, description="Assumed of lists that nothing is said about."
    )
    max: int = Field(default=1_000, ge=0, description="The most of one request.")


class Strategy(Section):
    """``demand_control.strategy``: how cost is found."""

    static_estimated: StaticEstimated = StaticEstimated.usual()


class DemandControl(Section):
    """``demand_control``: what one operation may cost."""

    enabled: bool = Field(
        default=False, description="Find what operations cost before they are planned."
    )
    mode: Literal["measure", "enforce"] = Field(
        default="enforce", description="Only find the cost, or refuse by it."
    )
    strategy: Strategy = Strategy.usual()

    @property
    def most(self) -> int:
        """The most that one request may cost."""
        return self.strategy.static_estimated.max


class Budget(Section):
    """What callers of one role may spend."""

    request: int | None = Field(
        default=None, ge=0, description="On one request; none: demand_control's max."
    )
    window: int | None = Field(
        default=None, ge=0, description="Within one window; none: without limit."
    )


class Budgets(Section):
    """``helpnest.budgets``: cost by caller. The most generous of their roles counts."""

    window: Duration = Field(
        default=60, description="How long what is spent counts, from the first request."
    )
    default: Budget = Field(
        default=Budget.usual(), description="Of callers whose roles have no budget."
    )
    roles: dict[str, Budget] = Field(
        default_factory=dict[str, Budget],
        description="By role; `service` are service accounts, `anonymous` strangers.",
    )

    @property
    def limits(self) -> bool:
        """Say whether anybody's window is limited."""
        budgets = [self.default, *self.roles.values()]
        return any(each.window is not None for each in budgets)
