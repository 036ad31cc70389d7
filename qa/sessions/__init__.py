"""Saved conversations: every turn with its answer, pins, notes and judgements.

They are in one SQLite file in the user's data folder, never in a collection, because reading
commands do not write to a collection. The rest of the program uses `store`; only `database` knows
the tables.
"""
