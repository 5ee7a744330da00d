"""Graph and Operation → QueryPlan."""
