"""Tests of seq2seq/command_line."""
