"""Tests of the code shared by the sample corpora."""
