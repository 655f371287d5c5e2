"""Formats, normalization and filters: from files to examples."""
