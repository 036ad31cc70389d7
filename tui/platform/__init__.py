"""The machine around the UI: clipboard, terminal, opening files."""
