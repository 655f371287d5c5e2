"""The sample corpus: short English and Chinese reports, each with a summary of one sentence.

Summaries require selection, because every report contains other names and numbers of the same kinds, and copying,
because the names and numbers of validation and test never occur in train (`values` splits them by checksum). The
pattern of a report can be recognised from its text, and determines the wording of the summary.
"""

from functools import cache, lru_cache

from seq2seq.corpus.example import Example
from seq2seq_samples.engine.splits import in_turns
from seq2seq_samples.summarization.grammar import Report, write
from seq2seq_samples.summarization.reports import PATTERNS

SEED = 1
SIZES = (7_000, 300, 500)  # of train, validation and test
LENGTHS = {"en": range(35, 71), "zh": range(50, 111)}
"""Words of an English document, and characters of a Chinese one."""
# Attempts per pattern before giving up.
TRIES = 300


def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Report]]:
    """Generate the splits: languages and patterns alternate, and no document or summary occurs twice.

    Args:
        train: Number of reports to train on.
        validation: Number of reports for validation.
        test: Number of reports for the test.
        seed: Seed of all draws.

    Returns:
        The reports by split, in random order.

    Raises:
        ValueError: If a pattern cannot provide the requested number.
    """
    return in_turns(
        PATTERNS,
        {"train": train, "validation": validation, "test": test},
        seed,
        write,
        is_fit=lambda one, split: length(one.language, one.document) in LENGTHS[one.language],
        identity=lambda one: one.summary,
        tries=TRIES,
        failure="The pattern '{pattern}' gives no more new reports for {split}.",
    )


def length(language: str, text: str) -> int:
    """Return the words of an English text, or the characters of a Chinese one."""
    return len(text.split()) if language == "en" else len(text)


@lru_cache(maxsize=1)
def sample(
    train: int = SIZES[0], validation: int = SIZES[1], test: int = SIZES[2], seed: int = SEED
) -> dict[str, list[Example]]:
    """Return the examples of each split; the same at every call."""
    splits = _splits(train, validation, test, seed)
    return {
        split: [
            Example(one.document, one.summary, place=f"sample {split}:{number}") for number, one in enumerate(made, 1)
        ]
        for split, made in splits.items()
    }


def reports(split: str) -> list[Report]:
    """Return the reports of a split of `sample()`, in its order."""
    return _splits(*SIZES, SEED)[split]


@cache
def _splits(train: int, validation: int, test: int, seed: int) -> dict[str, list[Report]]:
    return generate(train, validation, test, seed)
