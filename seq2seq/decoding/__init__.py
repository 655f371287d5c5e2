"""Outputs from a network: beams, sampling, constraints."""
