"""Key bindings, and the keys that the user sets."""
