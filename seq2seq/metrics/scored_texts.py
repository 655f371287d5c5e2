"""Normalises outputs and references for scoring: joins subword pieces and replaces separators with line breaks.

BLEU and similar metrics are defined on plain text. In a corpus split into subwords beforehand, both outputs and
references contain the subword marks, which raise BLEU and distort chrF.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from seq2seq.errors import UserError
from seq2seq.options import choice

JOIN, KEEP = "join", "keep"
WAYS = (JOIN, KEEP)
LEAST_MARKED = 0.01
"""Minimum fraction of marked tokens in subword text."""
LEAST_PREFIXED = 0.2
"""Minimum fraction of marked tokens for notations that mark the first piece of each word."""
TOKENIZED_LINES, TOKENIZED_SHARE = 10, 0.2
"""A corpus looks tokenized if at least this number and fraction of its texts end in a space and a full stop."""


@dataclass(frozen=True)
class Subwords:
    """A notation of subword pieces.

    Args:
        mark: The mark, as shown in messages.
        pattern: Matches the mark in a token.
        join: Joins the pieces of a text into words.
        least: Minimum fraction of tokens with the mark in subword text.
    """

    mark: str
    pattern: re.Pattern[str]
    join: Callable[[str], str]
    least: float = LEAST_MARKED

    def share(self, texts: Sequence[str]) -> float:
        """Return the fraction of tokens with the mark."""
        tokens = sum(len(text.split()) for text in texts)
        return sum(len(self.pattern.findall(text)) for text in texts) / max(1, tokens)


def _blanks_for(mark: str) -> Callable[[str], str]:
    """Return a `join` for space-separated pieces in which a mark represents a space of the text."""
    return lambda text: "\n".join(re.sub("[ \t]", "", line).replace(mark, " ").strip() for line in text.split("\n"))


FORMS = (
    # subword-nmt, including learn-joint-bpe, and fastBPE
    Subwords("@@", re.compile(r"(?<=\S)@@(?=\s|$)"), lambda text: re.sub(r"@@( |$)", "", text, flags=re.MULTILINE)),
    Subwords("▁", re.compile(r"(?:^|(?<=\s))▁"), _blanks_for("▁"), LEAST_PREFIXED),  # sentencepiece
    Subwords("##", re.compile(r"(?<=\S )##(?=\w)"), lambda text: re.sub(r"(?<=\S) ##(?=\w)", "", text)),  # WordPiece
    Subwords("￭", re.compile("￭"), lambda text: re.sub(" ?￭ ?", "", text)),  # OpenNMT's tokenizer
    Subwords("</w>", re.compile("</w>"), _blanks_for("</w>"), LEAST_PREFIXED),  # the original BPE
    Subwords("Ġ", re.compile(r"(?<=\s)Ġ"), _blanks_for("Ġ"), LEAST_PREFIXED),  # byte-level BPE
)


def subwords_of(texts: Sequence[str]) -> Subwords | None:
    """Return the subword notation of texts; None if they are not subword text."""
    marked = (form for form in FORMS if any(form.mark in text for text in texts))
    return next((form for form in marked if form.share(texts) >= form.least), None)


@dataclass(frozen=True)
class ScoredTexts:
    """Normalisation of texts for scoring.

    Args:
        subwords: 'join' joins the pieces of subword text; 'keep' scores them as they are.
        separator: String between sentences, replaced by a line break; empty for none.

    Raises:
        UserError: If `subwords` is unknown, or if `separator` is blank.
    """

    subwords: str = JOIN
    separator: str = ""

    def __post_init__(self) -> None:
        """Reject invalid values."""
        choice("subwords", self.subwords, WAYS)
        if self.separator and not self.separator.strip():
            raise UserError("--sentence_separator is blank, but it is the text between two sentences, such as '<q>'.")

    def prepared(self, texts: Sequence[str], name: str) -> tuple[list[str], str]:
        """Return texts normalised for scoring, and a note on joined subwords ('' if none were joined).

        `name` is the name of the texts in the note.
        """
        if self.separator:
            texts = [_on_lines(text.split(self.separator.strip())) for text in texts]
        form = subwords_of(texts) if self.subwords == JOIN else None
        if form is None:
            return list(texts), ""
        note = (
            f"{name}: subword text ({100 * form.share(texts):.0f} % of the tokens have '{form.mark}'), joined to words "
            "for scoring; --subwords keep scores the pieces."
        )
        return [form.join(text) for text in texts], note

    def prepared_references(self, references: Sequence[Sequence[str]], name: str) -> tuple[list[list[str]], str]:
        """Return the references of each output, normalised for scoring; see `prepared`."""
        flat, note = self.prepared([text for texts in references for text in texts], name)
        rest = iter(flat)
        return [[next(rest) for _ in texts] for texts in references], note

    def recipe(self) -> dict[str, str]:
        """Return the options, as JSON-able values."""
        return {"subwords": self.subwords, "sentence_separator": self.separator}


def _on_lines(parts: Sequence[str]) -> str:
    """Replace the separators between the parts of a text, and any spaces around them, with line breaks."""
    first, *rest = parts
    if not rest:
        return first
    return "\n".join([first.rstrip(" \t"), *(part.strip(" \t") for part in rest[:-1]), rest[-1].lstrip(" \t")])


def tokenized_note(outputs: Mapping[str, Sequence[str]], references: Sequence[Sequence[str]]) -> str:
    """Return a note that outputs (keyed by system name) look tokenized, which affects BLEU; '' if they do not."""
    tokenized = {name: count for name, texts in outputs.items() if (count := _tokenized(texts))}
    if not tokenized:
        return ""
    counts = ", ".join(f"{count:,} of {len(outputs[name]):,} ({name})" for name, count in tokenized.items())
    advice = (
        "the references look tokenized too, so the scores compare with each other, but not with published BLEU, "
        "which is of detokenized text"
        if _tokenized([texts[0] for texts in references])
        else "the references do not look tokenized, so detokenize the outputs, or BLEU is too low"
    )
    return f"Outputs that end in ' .' look tokenized: {counts}; {advice}."


def _tokenized(texts: Sequence[str]) -> int:
    """Return the number of texts ending in a space and a full stop; 0 if there are only a few."""
    count = sum(text.rstrip().endswith(" .") for text in texts)
    return count if count >= max(TOKENIZED_LINES, TOKENIZED_SHARE * len(texts)) else 0
