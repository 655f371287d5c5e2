"""Decode texts of several callers together, step by step."""
