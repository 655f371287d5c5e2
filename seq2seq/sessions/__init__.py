"""Interactive sessions with a model."""
