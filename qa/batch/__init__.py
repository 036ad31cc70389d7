"""Files of questions: formats, runs, checkpoints, comparison, watching."""
