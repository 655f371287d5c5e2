"""Tests of the sample corpora."""
