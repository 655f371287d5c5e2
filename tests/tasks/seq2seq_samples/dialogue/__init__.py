"""Tests of the sample corpus of dialogue."""
