"""Tests of the verbs, run in-process."""
