"""Tests of seq2seq/tokenization."""
