"""Tests of seq2seq/sessions."""
