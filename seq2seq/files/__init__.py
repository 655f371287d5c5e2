"""Atomic writes, and bounded and checked reads."""
