"""How reads are batched: there is none; `service` batches what it asks."""
