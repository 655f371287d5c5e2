"""The summarization sample corpus: short English and Chinese reports with one-sentence summaries.

Summaries require selection, because every report contains other names and numbers of the same kinds. They also require
copying, because validation and test names and numbers never occur in the training set (`values` splits them by
checksum). The text of a report reveals its template, which determines the wording of the summary.
"""

from functools import cache

from seq2seq.corpus.example import Example
from seq2seq_samples.engine.splits import examples, in_turns
from seq2seq_samples.summarization.grammar import Report, write
from seq2seq_samples.summarization.reports import PATTERNS

SEED = 1
SIZES = (7_000, 300, 500)  # training, validation, test
LENGTHS = {"en": range(35, 71), "zh": range(50, 111)}
"""Permitted numbers of English words or Chinese characters per document."""
# Maximum number of attempts per report.
TRIES = 300


@cache
def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Report]]:
    """Generate the splits: languages and templates alternate, and no document or summary occurs twice.

    Returns:
        The reports by split, in random order.

    Raises:
        ValueError: If a template cannot yield enough different reports.
    """
    return in_turns(
        PATTERNS,
        {"train": train, "validation": validation, "test": test},
        seed,
        write,
        is_fit=lambda report, split: length(report.language, report.document) in LENGTHS[report.language],
        identity=lambda report: report.summary,
        tries=TRIES,
        failure="The pattern '{pattern}' gives no more new reports for {split}.",
    )


def length(language: str, text: str) -> int:
    """Return the number of words in an English text, or of characters in a Chinese one."""
    return len(text.split()) if language == "en" else len(text)


def sample(
    train: int = SIZES[0], validation: int = SIZES[1], test: int = SIZES[2], seed: int = SEED
) -> dict[str, list[Example]]:
    """Return the examples of each split; the same at every call."""
    return examples(
        generate(train, validation, test, seed),
        lambda report, place: Example(report.document, report.summary, place=place),
    )


def reports(split: str) -> list[Report]:
    """Return the reports of a split, in the order of `sample()`."""
    return generate(*SIZES, SEED)[split]
