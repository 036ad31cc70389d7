"""The store: one SQLite database that every other file is derived from."""
