"""Recipes that prepare public corpora."""
