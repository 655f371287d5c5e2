"""Outputs of every verb that decodes, recorded from models with fixed weights: a change of structure changes none."""
