"""Tests of seq2seq/batching."""
