"""Tests of seq2seq/page."""
