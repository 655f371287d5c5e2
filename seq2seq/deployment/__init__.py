"""Exports trained models for use without PyTorch."""
