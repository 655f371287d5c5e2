"""Tests of the summarization plugin."""
