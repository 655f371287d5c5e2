"""Tests of the machinery of the samples."""
