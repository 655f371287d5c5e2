"""Text to pieces and back: tokenizer, its training, subword sampling, token healing, the copy table."""
