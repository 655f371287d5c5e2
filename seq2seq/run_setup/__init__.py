"""Setup of a run: options, defaults, checks, run folder."""
