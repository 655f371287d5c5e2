"""Tests of seq2seq/run_setup."""
