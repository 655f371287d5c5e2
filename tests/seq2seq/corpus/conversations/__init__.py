"""Tests of the forms of conversations."""
