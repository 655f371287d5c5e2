"""Tests of seq2seq/network."""
