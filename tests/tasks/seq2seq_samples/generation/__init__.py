"""Tests of the sample corpus of generation."""
