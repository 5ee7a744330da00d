"""Graph and Operation → QueryPlan."""

from router.planner.make import make_plan

__all__ = ["make_plan"]
