"""The question, parsed once."""
