"""Any object by its global id, whichever domain has it."""
