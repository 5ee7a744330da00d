"""The operations of schema/operations: what the app, agents and analysts send."""
