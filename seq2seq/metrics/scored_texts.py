"""Outputs and references normalised for scoring: subword pieces joined, named separators as line breaks.

BLEU and similar metrics are defined on plain text. A corpus that was split into subwords beforehand keeps its joiners
in outputs and references alike, which raises BLEU and distorts chrF.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from seq2seq.errors import UserError
from seq2seq.options import choice

JOIN, KEEP = "join", "keep"
WAYS = (JOIN, KEEP)
LEAST_MARKED = 0.01
"""Subword text has its mark on at least this share of its tokens; ordinary text has hardly any."""
LEAST_PREFIXED = 0.2
"""The same, for notations that mark the first piece of each word, which most pieces are."""
TOKENIZED_LINES, TOKENIZED_SHARE = 10, 0.2
"""Texts count as tokenized if at least this number and this share of them end in a full stop preceded by a space."""


@dataclass(frozen=True)
class Subwords:
    """A notation of subword pieces.

    Args:
        mark: Its name in messages.
        pattern: Finds the mark at a token.
        join: Returns the words of a line of pieces.
        least: Smallest share of tokens with the mark.
    """

    mark: str
    pattern: re.Pattern[str]
    join: Callable[[str], str]
    least: float = LEAST_MARKED

    def share(self, texts: Sequence[str]) -> float:
        """Return the share of tokens that have the mark, 0 to 1."""
        tokens = sum(len(text.split()) for text in texts)
        return sum(len(self.pattern.findall(text)) for text in texts) / max(1, tokens)


def _blanks_for(mark: str) -> Callable[[str], str]:
    """Return a join for space-separated pieces, in which a mark represents a space of the text."""
    return lambda text: "\n".join(re.sub("[ \t]", "", line).replace(mark, " ").strip() for line in text.split("\n"))


FORMS = (
    # subword-nmt and fastBPE; learn-joint-bpe writes the same.
    Subwords("@@", re.compile(r"(?<=\S)@@(?=\s|$)"), lambda text: re.sub(r"@@( |$)", "", text, flags=re.MULTILINE)),
    Subwords("▁", re.compile(r"(?:^|(?<=\s))▁"), _blanks_for("▁"), LEAST_PREFIXED),  # sentencepiece
    Subwords("##", re.compile(r"(?<=\S )##(?=\w)"), lambda text: re.sub(r"(?<=\S) ##(?=\w)", "", text)),  # WordPiece
    Subwords("￭", re.compile("￭"), lambda text: re.sub(" ?￭ ?", "", text)),  # OpenNMT's tokenizer
    Subwords("</w>", re.compile("</w>"), _blanks_for("</w>"), LEAST_PREFIXED),  # the first BPE
    Subwords("Ġ", re.compile(r"(?<=\s)Ġ"), _blanks_for("Ġ"), LEAST_PREFIXED),  # byte-level BPE
)


def subwords_of(texts: Sequence[str]) -> Subwords | None:
    """Return the notation of subword pieces in some texts; None if they are not subword text."""
    marked = (form for form in FORMS if any(form.mark in text for text in texts))
    return next((form for form in marked if form.share(texts) >= form.least), None)


@dataclass(frozen=True)
class ScoredTexts:
    """Normalisation of texts for scoring.

    Args:
        subwords: 'join' joins the pieces of subword text, if any; 'keep' leaves every text unchanged.
        separator: Text between sentences; it becomes a line break. Empty: none.

    Raises:
        UserError: If `subwords` is neither.
    """

    subwords: str = JOIN
    separator: str = ""

    def __post_init__(self) -> None:
        """Refuse unknown values."""
        choice("subwords", self.subwords, WAYS)
        if self.separator and not self.separator.strip():
            raise UserError("--sentence_separator is blank, but it is the text between two sentences, such as '<q>'.")

    def prepared(self, texts: Sequence[str], name: str) -> tuple[list[str], str]:
        """Return texts normalised for scoring.

        Args:
            texts: Outputs or references.
            name: Their name, for the note.

        Returns:
            The texts, and the note on what was joined; '' if nothing was.
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
    """Return the parts of a text on lines of their own, without the spaces beside the separators between them."""
    first, *rest = parts
    if not rest:
        return first
    return "\n".join([first.rstrip(" \t"), *(one.strip(" \t") for one in rest[:-1]), rest[-1].lstrip(" \t")])


def tokenized_note(outputs: Mapping[str, Sequence[str]], references: Sequence[Sequence[str]]) -> str:
    """Return the note about BLEU of tokenized text; '' if no output looks tokenized.

    Args:
        outputs: The outputs of each system, by its name.
        references: The references of each output.
    """
    found = {name: count for name, texts in outputs.items() if (count := _tokenized(texts))}
    if not found:
        return ""
    counts = ", ".join(f"{count:,} of {len(outputs[name]):,} ({name})" for name, count in found.items())
    advice = (
        "the references look tokenized too, so the scores compare with each other, but not with published BLEU, "
        "which is of detokenized text"
        if _tokenized([texts[0] for texts in references])
        else "the references do not look tokenized, so detokenize the outputs, or BLEU is too low"
    )
    return f"Outputs that end in ' .' look tokenized: {counts}; {advice}."


def _tokenized(texts: Sequence[str]) -> int:
    """Return the number of texts that end in a full stop preceded by a space; 0 if they are few."""
    count = sum(text.rstrip().endswith(" .") for text in texts)
    return count if count >= max(TOKENIZED_LINES, TOKENIZED_SHARE * len(texts)) else 0
