"""Tests of seq2seq/runs/callbacks."""
