"""Tests of seq2seq/decoding."""
