"""Tests of seq2seq/inspection."""
