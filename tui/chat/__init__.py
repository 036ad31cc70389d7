"""The chat screen and its actions."""
