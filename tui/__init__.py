"""The terminal front end: Textual only, no retrieval logic."""
