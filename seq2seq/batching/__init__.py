"""Examples to batches: token store, epoch plan, loader."""
