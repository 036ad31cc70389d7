"""The extractive reader: the answer span in a passage, and its probability."""
