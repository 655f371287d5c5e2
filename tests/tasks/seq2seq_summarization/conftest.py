"""What the tests of this plugin share with those of the core: a toy corpus and its tokenizers."""

from tests.seq2seq.conftest import toy_examples, toy_tokenizers

__all__ = ["toy_examples", "toy_tokenizers"]
