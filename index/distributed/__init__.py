"""Encoding on the machines of a Ray cluster (extra `ray`)."""
