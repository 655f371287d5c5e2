"""File formats of corpora: each module turns a file into records, one at a time."""
