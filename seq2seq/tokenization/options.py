"""Options of tokenizers."""

from dataclasses import dataclass

from seq2seq.options import Options, choice, require

BYTES = 256
"""Number of byte pieces, which spell unknown characters."""


@dataclass(frozen=True)
class TokenizerOptions(Options):
    """How to train the sentencepiece models, or which model files to use instead.

    Args:
        vocabulary_size: Number of pieces of each model, without special tokens; for 'word' and 'char' it is only the
            maximum.
        model: 'bpe', 'unigram', 'word' (text between spaces) or 'char' (single characters).
        joint: Whether source and target share one model.
        byte_fallback: Whether unknown characters are encoded as bytes (for 'bpe' and 'unigram').
        character_coverage: Fraction of the characters in the training text that get their own piece.
        split_digits: Whether each digit is a separate piece, so a number has the same pieces in every context and can
            be copied. Otherwise a piece may contain both a digit and another character ("4." at the end of a sentence).
        sample_sentences: Maximum number of sentences for training a model (sampled with the seed).
        source_model: Sentencepiece model file for the source ('' trains one).
        target_model: Sentencepiece model file for the target ('' trains one; leave empty with `joint`).
    """

    vocabulary_size: int = 8000
    model: str = "bpe"
    joint: bool = True
    byte_fallback: bool = True
    character_coverage: float = 1.0
    split_digits: bool = False
    sample_sentences: int = 1_000_000
    source_model: str = ""
    target_model: str = ""

    def __post_init__(self) -> None:
        """Refuse values for which sentencepiece gives no clear message."""
        choice("data.tokenizer.model", self.model, ("bpe", "unigram", "word", "char"))
        require(
            not (self.joint and self.target_model),
            "data.tokenizer.target_model is given, but with data.tokenizer.joint both sides use "
            "data.tokenizer.source_model: leave it out or set data.tokenizer.joint to false.",
        )
        require(
            self.vocabulary_size >= 8,
            f"vocabulary_size is {self.vocabulary_size}, but a model needs at least 8 pieces.",
        )
        has_bytes = self.byte_fallback and self.model in ("bpe", "unigram")
        # With fewer pieces, sentencepiece fails with an operating system error.
        require(
            self.is_given or self.vocabulary_size > BYTES or not has_bytes,
            f"vocabulary_size is {self.vocabulary_size}, but {BYTES} pieces are the bytes that spell rare characters: "
            f"give --data.tokenizer.vocabulary_size {4 * BYTES} or more, enough for the characters of most texts, "
            "or set data.tokenizer.byte_fallback to false.",
        )
        require(
            self.sample_sentences >= 1,
            f"sample_sentences is {self.sample_sentences}, but a model is trained on at least 1 sentence.",
        )
        require(
            0.9 <= self.character_coverage <= 1,
            f"character_coverage is {self.character_coverage}, but it must lie between 0.9 and 1.",
        )

    @property
    def is_given(self) -> bool:
        """Whether all model files are given, so none is trained."""
        return bool(self.source_model and (self.joint or self.target_model))
