"""Short English and Chinese tales."""
