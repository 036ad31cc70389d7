"""Scores a collection against judged questions."""
