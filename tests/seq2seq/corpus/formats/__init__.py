"""Tests of seq2seq/corpus/formats."""
