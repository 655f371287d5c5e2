"""Option classes: typed, immutable, checked at construction, and cheap to import.

Each class is one block of the command line and of the YAML files, and is stored as JSON with the trained model. No
torch here, so that command-line parsers, plugins and bundles can read options in milliseconds.
"""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from seq2seq.errors import UserError, nearest

_ARGUMENT = re.compile(r"^ {8}(\w+): (.*(?:\n {12}.*)*)", re.MULTILINE)


class Options:
    """Behaviour that all option blocks share: JSON out, JSON in with a helpful error."""

    def to_json(self) -> dict[str, Any]:
        """Return the options as a JSON-able dictionary, in order of declaration."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Build the options from a dictionary.

        Raises:
            UserError: If a key is unknown; names the nearest known one.
        """
        known = [field.name for field in fields(cls)]  # type: ignore[arg-type]
        for key in values:
            if key not in known:
                raise UserError(
                    f"{cls.__name__} has no option '{key}'. {nearest(key, known)}It has: {', '.join(known)}."
                )
        return cls(**values)


def describe(options: type) -> dict[str, str]:
    """Return the description of each option from the docstrings of a class and its bases, so that help is written once.

    Args:
        options: A class with Google-style docstrings; those of derived classes take precedence.
    """
    found: dict[str, str] = {}
    for kind in reversed(options.__mro__):
        found |= {name: " ".join(text.split()) for name, text in _ARGUMENT.findall(kind.__dict__.get("__doc__") or "")}
    return found


LARGEST = 1_000_000_000
"""Limit of whole numbers without a bound of their own; tensors can hold them."""
BYTES = 256
"""Pieces of a vocabulary that spell unknown characters."""
MOST_BEAMS = 1000
MOST_CANDIDATES = 100_000
MOST_THREADS = 4096
GREEDY = "For the likeliest piece each time, search with beam_size 1 instead of sampling."
"""Advice for a temperature of 0, unless a command has better."""


class OptionError(UserError):
    """A value that an option does not accept.

    Args:
        option: Name of the field.
        value: The value.
        expected: The requirement, to follow "must".
        advice: What to do instead, a sentence; may be empty.
    """

    def __init__(self, option: str, value: object, expected: str, advice: str = "") -> None:
        self.option, self.value, self.expected, self.advice = option, value, expected, advice
        shown = f"'{value}'" if isinstance(value, str) else f"{value}"
        super().__init__(f"{option} is {shown}, but it must {expected}.{' ' if advice else ''}{advice}")

    def named(self, option: str, greedy: str = "") -> "OptionError":
        """Return the same error with the option as typed.

        Args:
            option: The option as typed.
            greedy: What to type for greedy search, a sentence.
        """
        return OptionError(
            option, self.value, self.expected, greedy if self.advice == GREEDY and greedy else self.advice
        )


def within(
    option: str, value: float, low: float, high: float = LARGEST, *, whole: bool = False, advice: str = ""
) -> None:
    """Refuse a number outside a range; NaN is outside.

    Args:
        option: Name of the field.
        value: The number.
        low: Smallest value.
        high: Largest value.
        whole: Whether it must be a whole number.
        advice: See `OptionError`.

    Raises:
        OptionError: If it is; names the range.
    """
    kinds = int if whole else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise OptionError(option, value, f"be a {'whole ' if whole else ''}number", advice)
    if not low <= value <= high:
        expected = f"be at least {low:g}" if value < low else f"lie between {low:g} and {high:,.12g}"
        raise OptionError(option, value, expected, advice)


def require(condition: bool, sentence: str) -> None:
    """Refuse a combination of options with a sentence."""
    if not condition:
        raise UserError(sentence)


def choice(option: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value that is not among the choices, naming the nearest."""
    require(
        value in choices,
        f"{option} is '{value}', which does not exist. {nearest(value, choices)}Choose from: {', '.join(choices)}.",
    )


def fraction(option: str, value: float) -> None:
    """Refuse a probability outside [0, 1)."""
    require(0 <= value < 1, f"{option} is {value}, but it is a probability: it must be at least 0 and below 1.")


@dataclass(frozen=True)
class TokenizerOptions(Options):
    """Training of sentencepiece models, or the given ones to use.

    Args:
        vocabulary_size: Pieces of each model (special marks come on top); of words and characters at most this number.
        model: 'bpe', 'unigram', 'word' (whatever is between spaces) or 'char' (every character).
        joint: Whether source and target share one model.
        byte_fallback: Whether unknown characters are spelled as bytes instead of becoming unknown ('bpe', 'unigram').
        character_coverage: Share of the training text's characters that get a piece of their own.
        split_digits: Whether each digit is a piece of its own. A number then has the same pieces in every context, so
            that it can be copied; otherwise it may be joined with what follows ("4." at the end of a sentence).
        sample_sentences: Largest number of sentences that a model is trained on (sampled with the seed).
        source_model: A given sentencepiece model file for the source ('' trains one).
        target_model: A given sentencepiece model file for the target ('' trains one; with `joint`, leave empty).
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
        """Refuse values for which sentencepiece has no clear message."""
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
        # With fewer, sentencepiece fails with an error of the operating system.
        require(
            self.is_given or self.vocabulary_size > BYTES or not has_bytes,
            f"vocabulary_size is {self.vocabulary_size}, but {BYTES} pieces are the bytes that spell rare characters: "
            "raise data.tokenizer.vocabulary_size, or set data.tokenizer.byte_fallback to false.",
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
        """Whether no model is trained, because all are given."""
        return bool(self.source_model and (self.joint or self.target_model))


@dataclass(frozen=True)
class SearchOptions(Options):
    """Options of beam search (or greedy search, with one beam).

    Args:
        beam_size: Hypotheses kept per source; 1 is greedy search.
        n_best: Hypotheses returned per source; at most beam_size.
        length_penalty: 'none' (sum of log probabilities), 'average' (divided by length**alpha) or
            'gnmt' (divided by ((5 + length) / 6)**alpha, Wu et al. 2016, equation 14).
        length_alpha: Exponent of the length penalty.
        coverage_beta: Weight of the coverage penalty (Wu et al. 2016, equation 14); 0 is off.
        no_repeat_ngram: An n-gram of this length may not occur twice in one output; 0 is off.
        no_repeat_source_ngram: An n-gram of this length that the source has may not occur in the output; 0 is off.
        repetition_penalty: The log probability of a piece that the output already has is multiplied by this (Keskar et
            al. 2019); 1 is off.
        banned: A word or phrase that outputs must not contain, in any case; repeat the option for several. '' bans
            none.
        groups: Number of groups that the beams are divided into; each avoids the pieces that earlier groups chose at
            the same step (diverse beam search, Vijayakumar et al. 2018). 1 is plain beam search.
        diversity: Penalty on a log probability for each beam of an earlier group with the same piece.
        patience: Number of steps in a row without an unfinished output better than the finished ones, after which a
            search ends; 0 is exact: it ends only when none can become better.
        min_length: Smallest number of pieces before the end mark.
        max_length: Largest number of pieces; 0 means max_length_ratio times the source length plus max_length_extra.
        max_length_ratio: See max_length; the default of a trained model fits its training lengths.
        max_length_extra: See max_length.
        batch_tokens: Source tokens (padding and beams included) decoded at once.
    """

    beam_size: int = 5
    n_best: int = 1
    length_penalty: str = "average"
    length_alpha: float = 1.0
    coverage_beta: float = 0.0
    no_repeat_ngram: int = 0
    no_repeat_source_ngram: int = 0
    repetition_penalty: float = 1.0
    banned: tuple[str, ...] = ()
    groups: int = 1
    diversity: float = 0.5
    patience: int = 20
    min_length: int = 0
    max_length: int = 0
    max_length_ratio: float = 2.0
    max_length_extra: int = 20
    batch_tokens: int = 4096

    def __post_init__(self) -> None:
        """Refuse impossible searches, each with a sentence."""
        within("beam_size", self.beam_size, 1, MOST_BEAMS, whole=True)
        within("n_best", self.n_best, 1, whole=True)
        require(
            self.n_best <= self.beam_size,
            f"n_best is {self.n_best}, but it must lie between 1 and beam_size ({self.beam_size}).",
        )
        choice("length_penalty", self.length_penalty, ("none", "average", "gnmt"))
        within("length_alpha", self.length_alpha, 0, 10)
        within("coverage_beta", self.coverage_beta, 0, 1000)
        for name in ("no_repeat_ngram", "no_repeat_source_ngram"):
            within(name, getattr(self, name), 0, whole=True)
        within("repetition_penalty", self.repetition_penalty, 1, 1000, advice="1 is off.")
        require(
            not isinstance(self.banned, str),
            f"banned is the text '{self.banned}', but it is a list of words and phrases.",
        )
        within("groups", self.groups, 1, whole=True)
        require(
            self.beam_size % self.groups == 0,
            f"beam_size is {self.beam_size}, which {self.groups} groups cannot share: give a multiple of groups, or "
            "set groups to 1.",
        )
        within("diversity", self.diversity, 0, 1000)
        for name in ("patience", "min_length", "max_length", "max_length_extra"):
            within(name, getattr(self, name), 0, whole=True)
        require(
            self.max_length == 0 or self.min_length <= self.max_length,
            f"min_length is {self.min_length}, which is more than max_length {self.max_length}.",
        )
        within("max_length_ratio", self.max_length_ratio, 0, 1000)
        require(
            self.max_length > 0 or self.max_length_ratio > 0 or self.max_length_extra > 0,
            "max_length, max_length_ratio and max_length_extra are all 0, so that every output would be empty.",
        )
        within("batch_tokens", self.batch_tokens, 1, whole=True)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Build the options from a dictionary; JSON has lists only."""
        return super().from_json({**values, "banned": tuple(values.get("banned", ()))})


@dataclass(frozen=True)
class SamplingOptions(Options):
    """Options of sampling, instead of search.

    Args:
        temperature: Divides the logits; below 1 is more careful, above 1 is wilder.
        top_k: Sample from the k likeliest pieces only; 0 is off.
        top_p: Sample from the likeliest pieces that hold this share of the probability (Holtzman et al. 2020); 1 is
            off.
        min_p: Sample from the pieces that have at least this share of the likeliest one's probability (Nguyen et al.
            2024); 0 is off.
        seed: Seed of the draw.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse impossible draws."""
        within("temperature", self.temperature, 0.001, 1000, advice="" if self.temperature else GREEDY)
        within("top_k", self.top_k, 0, whole=True, advice="0 is off.")
        is_number = isinstance(self.top_p, int | float) and not isinstance(self.top_p, bool)
        if not (is_number and 0 < self.top_p <= 1):
            raise OptionError("top_p", self.top_p, "be above 0 and at most 1", "1 is off.")
        within("min_p", self.min_p, 0, 1, advice="0 is off.")
        if not isinstance(self.seed, int):
            raise OptionError("seed", self.seed, "be a whole number")


@dataclass(frozen=True)
class RerankOptions(Options):
    """Ranking of candidates for one source by mutual information (MMI-bidi, Li et al. 2016).

    A candidate's score is its log probability under the search's length penalty, plus `reverse_weight` times the log
    probability per piece of the source given the candidate, plus `length_bonus` times its pieces.

    Args:
        candidates: Candidates per source; 0 takes all beams of a search, or 20 samples.
        reverse_weight: Weight of the reverse model; 0 needs none.
        length_bonus: Added to a candidate's score per piece; the end mark counts as one.
        anti_weight: Weight of a language model's log probability of the candidate, which is subtracted (MMI-antiLM, Li
            et al. 2016, section 4.1); 0 needs no language model.
        anti_pieces: Number of a candidate's first pieces that the language model scores, as in the paper, since later
            pieces should be fluent; 0 scores all.
    """

    candidates: int = 0
    reverse_weight: float = 0.5
    length_bonus: float = 0.0
    anti_weight: float = 0.0
    anti_pieces: int = 5

    def __post_init__(self) -> None:
        """Refuse impossible ranks."""
        within("candidates", self.candidates, 0, MOST_CANDIDATES, whole=True)
        within("reverse_weight", self.reverse_weight, 0, 1000)
        within("length_bonus", self.length_bonus, -1000, 1000)
        within("anti_weight", self.anti_weight, 0, 1000)
        within("anti_pieces", self.anti_pieces, 0, whole=True, advice="0 weighs all.")
