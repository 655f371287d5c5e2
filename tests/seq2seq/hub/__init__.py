"""Tests of the Hub."""
