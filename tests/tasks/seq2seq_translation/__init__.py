"""Tests of the translation plugin."""
