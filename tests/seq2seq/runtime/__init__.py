"""Tests of seq2seq/runtime."""
