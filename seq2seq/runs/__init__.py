"""A run from start to end: checkpoints, callbacks."""
