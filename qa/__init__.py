"""Questions to answers: ranking, evidence, confidence, batches, evaluation, the command line."""
