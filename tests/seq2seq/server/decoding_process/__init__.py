"""Tests of the process that decodes."""
