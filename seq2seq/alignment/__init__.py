"""Word alignments of sentence pairs: given in files or estimated, and mapped to the pieces of a tokenizer."""
