"""The command line: one module a command or two, sharing options, consoles and exit codes."""
