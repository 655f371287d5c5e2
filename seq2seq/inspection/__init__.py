"""Inspection of data files: forms, counts, lengths, warnings."""
