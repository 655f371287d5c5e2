"""Code shared by the four sample corpora."""
