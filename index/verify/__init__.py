"""Checks everything stored against what it was made from, and repairs it."""
