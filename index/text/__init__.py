"""Tools for words and sentences that know nothing of releases."""
