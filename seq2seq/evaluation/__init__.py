"""Scoring a model on a test set."""
