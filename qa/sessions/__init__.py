"""Conversations that are kept: every turn as it happens, with its answer, pins, notes, judgements.

They live in one SQLite file in the user's own data folder, never in a collection's: reading
commands do not write there. `place` says where, `database` is the one door to SQLite, `store`
is what the rest of the program uses.
"""
