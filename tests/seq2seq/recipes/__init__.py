"""Tests of seq2seq/recipes."""
