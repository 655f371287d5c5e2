"""One optimizer step: data, loss, optimizer, validation."""
