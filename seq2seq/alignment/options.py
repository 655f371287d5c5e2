"""Options of word alignments. The module is light to import, so parsers load it in milliseconds."""

from dataclasses import dataclass, field

from seq2seq.amounts import amount
from seq2seq.options import Options, choice, require

AUTO, NONE = "auto", "none"
"""In place of a file: estimate the alignments of a corpus, or use none."""
WORDS, CHARACTERS = "words", "characters"


@dataclass(frozen=True)
class AlignmentOptions(Options):
    """Word alignments of the training pairs, on which attention is trained (docs/alignment.md).

    Args:
        files: For each corpus of data.train, a file of alignments such as ``0-0 1-2``, one line per pair; 'auto' to
            estimate them, or 'none'. A single 'auto' applies to all corpora. Empty trains attention without alignments.
        source_units: What source positions count: 'words' (between blanks) or 'characters' (without blanks).
        target_units: What target positions count, likewise.
        source_tokens: For each corpus, a file with its sources split into tokens by blanks, which source positions
            count instead; 'none' for a corpus without.
        target_tokens: For each corpus, a file with its targets split into tokens, likewise.
    """

    files: list[str] = field(default_factory=list)
    source_units: str = WORDS
    target_units: str = WORDS
    source_tokens: list[str] = field(default_factory=list)
    target_tokens: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse unknown units, and options without alignments."""
        for name in ("source_units", "target_units"):
            choice(f"data.alignment.{name}", getattr(self, name), (WORDS, CHARACTERS))
        for name in ("source_tokens", "target_tokens"):
            require(
                not getattr(self, name) or any(file not in (AUTO, NONE) for file in self.files),
                f"data.alignment.{name} says what the positions in files of alignments count, but "
                "data.alignment.files names no file: add one, or leave the tokens out.",
            )

    @property
    def is_given(self) -> bool:
        """Whether any corpus has alignments."""
        return any(name != NONE for name in self.files)

    def of_corpora(self, corpora: int) -> list[str]:
        """Return the file of each corpus, 'auto' or 'none'.

        Raises:
            UserError: If there are not as many values as corpora; the message gives both numbers.
        """
        if self.files in ([AUTO], []):
            return (self.files or [NONE]) * corpora
        for name in ("files", "source_tokens", "target_tokens"):
            values = getattr(self, name)
            require(
                len(values) == corpora or (name != "files" and not values),
                f"data.alignment.{name} has {amount(len(values), 'value')}, but data.train names "
                f"{amount(corpora, 'corpus', 'corpora')}: give one for each, or 'none'.",
            )
        return self.files
