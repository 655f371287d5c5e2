"""Tests of seq2seq/training."""
