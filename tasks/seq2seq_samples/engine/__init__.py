"""Machinery shared by the four sample corpora."""
