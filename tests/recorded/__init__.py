"""Recorded outputs of every verb that decodes, for fixed weights: restructuring the code must not change them."""
