"""The interactive loop at a terminal."""
