"""A user and a model taking turns."""
