"""Defaults derived from the amount of training text: vocabulary, batches, epochs, warm-up, dropout, validations.

docs/how_much_data.md explains the choices and what to expect. Using small vocabularies and batches for little data
follows Sennrich and Zhang (2019, "Revisiting Low-Resource Neural Machine Translation"). Choosing a vocabulary in which
most tokens occur often enough to be learned follows Gowda and May (2020, "Finding the Optimal Vocabulary Size for
Neural Machine Translation"). The numbers of epochs are fitted to the recipes in ``configs/``.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from seq2seq.amounts import amount
from seq2seq.corpus.example import Example, plain
from seq2seq.tokenization.options import BYTES

ENOUGH_EXAMPLES, ENOUGH_LETTERS = 200_000, 50_000_000
"""Limits at which counting stops, because more text would change no default."""
LARGEST_VOCABULARY, LARGEST_BATCH, LONGEST_WARMUP = 8000, 4096, 400
IDEOGRAPH_LETTERS = 3
"""Number of letters that one Chinese character counts for."""
_IDEOGRAPHS = re.compile("[\u3040-\u9fff\U00020000-\U0010ffff]")
"""Characters of the Chinese and Japanese scripts, which put no spaces between words."""


class Values(Protocol):
    """Option values by dotted name."""

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        """Return a value."""

    def __contains__(self, key: object) -> bool:
        """Return whether the option exists."""


@dataclass
class DataSize:
    """Amount of training text.

    Attributes:
        examples: Number of pairs, or of documents of running text.
        letters: Number of characters of source and target; a Chinese character counts as 3.
        tokens: Estimated total number of tokens, counting only the longer side of each example.
        longest: Estimated number of tokens of the longest source or target.
        characters: Number of different characters of source and target.
        is_complete: Whether all text was counted.
    """

    examples: int
    letters: tuple[int, int]
    tokens: int
    longest: int
    characters: tuple[int, int]
    is_complete: bool


def measure(examples: Iterable[Example]) -> DataSize:
    """Count examples and text, until more would change no default."""
    count = tokens = longest = 0
    letters = [0, 0]
    seen: tuple[set[str], set[str]] = (set(), set())
    is_complete = True
    for example in examples:
        sizes = []
        for side, text in enumerate(map(plain, (example.source, example.target))):
            wide = 0 if text.isascii() else len(_IDEOGRAPHS.findall(text))
            letters[side] += len(text) + (IDEOGRAPH_LETTERS - 1) * wide
            sizes.append((len(text) - wide) / 3 + wide)
            seen[side].update(text)
        count += 1
        tokens += math.ceil(max(sizes))
        longest = max(longest, math.ceil(max(sizes)))
        if count >= ENOUGH_EXAMPLES or sum(letters) >= ENOUGH_LETTERS:
            is_complete = False
            break
    return DataSize(count, (letters[0], letters[1]), tokens, longest, (len(seen[0]), len(seen[1])), is_complete)


@dataclass(frozen=True)
class Default:
    """Option value chosen by the amount of data, with the option's dotted name and a short reason."""

    option: str
    value: int | float | str
    reason: str

    @property
    def words(self) -> list[str]:
        """The option as command-line arguments."""
        return [f"--{self.option}", str(self.value)]


Rule = Callable[[DataSize, Values], list[Default]]
"""Returns the defaults of some options for an amount of data and the values of all options."""


def fitted(
    examples: Iterable[Example],
    arguments: list[str],
    parse: Callable[[list[str]], Values],
    rules: Sequence[Sequence[Rule]],
) -> tuple[list[str], list[Default]]:
    """Prepend the defaults derived from the data to a command line, so that explicit options override them.

    Args:
        examples: The training examples.
        arguments: Files and options of the command line.
        parse: Function that returns the value of every option by dotted name.
        rules: Groups of rules; later groups depend on options set by earlier ones.

    Returns:
        The extended command line, and the defaults that no explicit option overrides.
    """
    size = measure(examples)
    chosen: list[Default] = []
    config = parse(arguments)
    for group in rules:
        chosen += [default for rule in group for default in rule(size, config)]
        words = [word for default in chosen for word in default.words]
        config = parse([*words, *arguments])
    return [*words, *arguments], [default for default in chosen if config[default.option] == default.value]


def estimated_steps(size: DataSize, config: Values) -> float:
    """Return the approximate number of optimizer steps of a run."""
    steps: int = config["trainer.max_steps"]
    if steps > 0:
        return steps
    if _has_streams(config):
        batches: float = size.tokens / (config["data.streams.count"] * config["data.streams.window"])
    elif config["data.batches.batch_sentences"]:
        batches = size.examples / config["data.batches.batch_sentences"]
    else:
        batches = size.tokens / config["data.batches.max_tokens"]
    epochs: int = config["trainer.max_epochs"] or 1
    accumulated: int = config["trainer.accumulate_grad_batches"] or 1
    return max(1.0, batches / accumulated) * max(1, epochs)


def rounded(value: float) -> int:
    """Round a number to two significant digits."""
    digits = max(0, int(math.log10(max(1.0, value))) - 1)
    unit: int = 10**digits
    return round(value / unit) * unit


def _has_streams(config: Values) -> bool:
    return "data.streams.count" in config


def _vocabulary(size: DataSize, config: Values) -> list[Default]:
    if config["data.tokenizer.model"] not in ("bpe", "unigram"):
        return []  # the words or characters determine the size
    if config["data.tokenizer.source_model"] and (
        config["data.tokenizer.joint"] or config["data.tokenizer.target_model"]
    ):
        return []  # the given models determine the size
    is_joint = config["data.tokenizer.joint"]
    letters = sum(size.letters) if is_joint else max(size.letters)
    characters = sum(size.characters) if is_joint else max(size.characters)
    wanted = min(LARGEST_VOCABULARY, rounded(4 * math.sqrt(letters)))
    # Room for all characters, the bytes, and at least a few hundred other tokens.
    least = rounded(characters + (BYTES if config["data.tokenizer.byte_fallback"] else 0) + 200)
    if least > wanted:
        return [Default("data.tokenizer.vocabulary_size", least, f"room for {characters:,} different characters")]
    reason = "enough text for more is rare" if wanted == LARGEST_VOCABULARY else "so that most tokens occur often"
    return [Default("data.tokenizer.vocabulary_size", wanted, reason)]


def _batches(size: DataSize, config: Values) -> list[Default]:
    if _has_streams(config) or config["data.batches.batch_sentences"]:
        return []
    value = min(LARGEST_BATCH, max(400, 2 * size.longest, rounded(size.tokens / 400)))
    return [
        Default(
            "data.batches.max_tokens",
            value,
            f"about {amount(max(1, rounded(size.tokens / value)), 'batch', 'batches')} an epoch",
        )
    ]


def _streams(size: DataSize, config: Values) -> list[Default]:
    if not _has_streams(config):
        return []
    window = config["data.streams.window"]
    count = min(32, max(4, size.tokens // (50 * window)))
    steps = max(1, rounded(size.tokens / (count * window)))
    return [Default("data.streams.count", count, f"about {amount(steps, 'batch', 'batches')} an epoch")]


def _epochs(size: DataSize, config: Values) -> list[Default]:
    value = max(5, min(60, round(18 * (460_000 / max(1, size.tokens)) ** 0.25)))
    return [Default("trainer.max_epochs", value, "less text is read more often")]


def _dropout(size: DataSize, config: Values) -> list[Default]:
    if size.is_complete:
        return []
    return [Default("model.network.dropout", 0.2, "a large text is not learned by heart")]


def _warmup(size: DataSize, config: Values) -> list[Default]:
    steps = estimated_steps(size, config)
    value = min(LONGEST_WARMUP, max(1, rounded(steps / 10)))
    return [
        Default("model.schedule.warmup_steps", value, f"a tenth of about {amount(rounded(steps), 'step')}, at most 400")
    ]


def _validations(size: DataSize, config: Values) -> list[Default]:
    epochs = config["trainer.max_epochs"] or 1
    if config["trainer.val_check_interval"] is not None or epochs < 1:
        return []
    value = max(1, round(epochs / 25))
    return [Default("trainer.check_val_every_n_epoch", value, amount(epochs // value, "validation"))]


SIZE_RULES: tuple[Rule, ...] = (_vocabulary, _streams, _batches, _dropout)
"""Rules that also apply to a run that starts from a trained model."""
VALIDATION_RULE: Rule = _validations
NEW_MODEL: tuple[tuple[Rule, ...], ...] = ((*SIZE_RULES, _epochs), (_warmup, VALIDATION_RULE))
"""The rules for a model with random weights."""
