"""Training and evaluation of runs with Lightning: trainer, callbacks, messages, averaging."""
