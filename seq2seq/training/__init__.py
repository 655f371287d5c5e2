"""One training step: data, loss, optimizer, validation."""
