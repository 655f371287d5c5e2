"""Tests of `seq2seq.server.translation`."""
