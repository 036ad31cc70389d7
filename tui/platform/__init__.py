"""The system around the UI: clipboard, terminal, opening files, garbage collection."""
