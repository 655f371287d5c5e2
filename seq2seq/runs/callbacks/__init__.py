"""Lightning callbacks of a run: averages, model selection, checkpoints, metrics, guards, signals, progress."""
