"""Tests of the loop at a terminal."""
