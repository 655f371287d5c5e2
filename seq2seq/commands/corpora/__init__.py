"""Verbs that make training data."""
