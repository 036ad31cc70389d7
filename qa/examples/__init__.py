"""Example questions, made from what the releases of a collection state."""
