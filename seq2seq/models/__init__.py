"""A trained model: its folder, card, loading and use."""
