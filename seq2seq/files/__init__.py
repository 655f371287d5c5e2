"""Files: atomic writes, bounded and checked reads."""
