"""A training from start to end: run folder, checkpoints, callbacks, progress."""
