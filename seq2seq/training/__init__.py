"""Parts of a training step: data, loss, optimizer, validation."""
