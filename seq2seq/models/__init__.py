"""A trained model: its folder, card, sources, and both kinds of model."""
