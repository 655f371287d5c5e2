"""Shared by the scripts that prepare public corpora."""
