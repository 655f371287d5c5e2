"""Shared by the verbs: arguments, inputs, outputs."""
