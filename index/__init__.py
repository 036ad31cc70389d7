"""Releases to searchable passages: readers, structure, encoders, store, word and vector search."""
