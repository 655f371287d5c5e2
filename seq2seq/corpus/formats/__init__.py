"""File formats of corpora; each module yields the records of a file one at a time."""
