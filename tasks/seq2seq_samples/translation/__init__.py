"""English-Chinese sentence pairs."""
