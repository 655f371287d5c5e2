"""Examples to batches: token store, epoch plan, segmentation, text windows, loader."""
