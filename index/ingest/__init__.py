"""From sources to the store: discover, read, store, encode."""
