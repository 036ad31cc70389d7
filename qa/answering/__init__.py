"""From ranked candidates to an answer: reranking, evidence, confidence, abstention."""
