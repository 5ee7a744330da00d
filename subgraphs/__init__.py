"""The domains. Each is a service of its own; they meet over GraphQL alone."""
