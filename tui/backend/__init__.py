"""What works for the screen: the engine, its process, the queue, indexing, saving."""
