"""Tests of the verbs that make training data."""
