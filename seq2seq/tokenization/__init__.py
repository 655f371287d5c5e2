"""Tokenize text into sentencepiece pieces and decode them."""
