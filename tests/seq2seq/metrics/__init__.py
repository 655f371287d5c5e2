"""Tests of seq2seq/metrics."""
