"""Tests of seq2seq/evaluation."""
