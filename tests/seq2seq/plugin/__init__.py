"""Tests of seq2seq/plugin."""
