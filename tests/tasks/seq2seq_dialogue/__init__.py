"""Tests of the dialogue plugin."""
