"""Lexical and dense search over a stored collection."""
