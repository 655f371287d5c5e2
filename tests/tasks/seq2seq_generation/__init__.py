"""Tests of the text generation plugin."""
