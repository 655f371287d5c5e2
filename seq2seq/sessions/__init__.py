"""A person and a model taking turns, at a terminal or elsewhere."""
