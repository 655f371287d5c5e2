"""Tests of seq2seq/files."""
