"""Save, load, describe and use trained models."""
