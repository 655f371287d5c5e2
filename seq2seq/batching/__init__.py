"""Token store, epoch plan and loader: from examples to batches."""
