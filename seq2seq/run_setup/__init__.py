"""Before a run: options, defaults, checks, its folder."""
