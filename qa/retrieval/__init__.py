"""The candidates for a question, from lexical and dense search."""
