"""Near-duplicate releases, and releases that correct or update others."""
