"""The chat in a browser: a server on this computer, and a process for each page."""
