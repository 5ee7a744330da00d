"""QueryPlan, variables → gathered data, and what went wrong on the way."""
