"""Several models that decode together: ensembles, and fusion with a language model."""
