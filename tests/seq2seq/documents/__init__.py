"""Tests of `seq2seq.documents`."""
