"""Text to pieces and back; subword sampling."""
