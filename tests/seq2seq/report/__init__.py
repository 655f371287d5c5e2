"""Tests of seq2seq/report."""
