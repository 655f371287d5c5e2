"""Files to examples: readers, normalization, filters, truncation."""
