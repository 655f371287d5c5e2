"""What the scripts that prepare public corpora share."""
