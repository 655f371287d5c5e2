"""Tests of the sample corpus of summarization."""
