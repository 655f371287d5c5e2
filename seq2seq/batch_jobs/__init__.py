"""Decoding of many files by many processes: shards, workers, and a folder from which a job resumes."""
