"""Generate outputs with a network: beam search, sampling, constraints."""
