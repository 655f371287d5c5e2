"""Tests of seq2seq/models."""
