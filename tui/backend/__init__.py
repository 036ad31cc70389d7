"""What answers the UI: the engine, its process and its queue."""
