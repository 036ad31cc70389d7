"""A Model Context Protocol server over a collection."""
