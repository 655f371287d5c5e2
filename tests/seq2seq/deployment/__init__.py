"""Tests of seq2seq/deployment."""
