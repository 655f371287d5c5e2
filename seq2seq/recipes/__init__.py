"""Shared code of the scripts that prepare public corpora."""
