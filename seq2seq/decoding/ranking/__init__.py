"""Scores by which candidates are ranked: mutual information, and expected utility."""
