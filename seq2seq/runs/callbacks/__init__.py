"""Lightning callbacks of a run: averages, model selection, checkpoints, curves, guards, signals, progress."""
