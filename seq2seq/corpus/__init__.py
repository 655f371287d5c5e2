"""Files to examples: formats, normalization, filters."""
