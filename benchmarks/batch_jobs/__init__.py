"""Parts of the benchmark of batch jobs (`benchmarks/many_lines.py`)."""
