"""Parts of the benchmark of `seq2seq serve` (`benchmarks/serve.py`)."""
