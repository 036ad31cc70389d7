"""First-stage ranking: features of the candidates and a linear model over them."""
