"""Network to outputs: beam search, left-to-right decoding, sampling, constraints, forced decoding."""
