"""Tests of seq2seq/alignment."""
