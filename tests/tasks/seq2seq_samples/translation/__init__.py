"""Tests of the sample corpus of translation."""
