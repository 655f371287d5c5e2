"""Decoding options: beams, constraints, sampling, reranking.

Language models use `WritingOptions`. Models with sources use `SearchOptions`, which add beams and length limits
relative to the source.
"""

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from seq2seq.errors import UserError
from seq2seq.files.typed_values import Fields
from seq2seq.options import GREEDY, OptionError, Options, choice, require, within

MOST_BEAMS = 1000
MOST_CANDIDATES = 100_000


@dataclass(frozen=True)
class BeamOptions(Options):
    """Beam search and ranking.

    Args:
        beam_size: Number of hypotheses kept per source; 1 is greedy search.
        n_best: Number of hypotheses returned per source; at most beam_size.
        length_penalty: 'none' (sum of log probabilities), 'average' (divided by length**alpha) or
            'gnmt' (divided by ((5 + length) / 6)**alpha, Wu et al. 2016).
        length_alpha: Exponent of the length penalty.
        coverage_beta: Weight of the coverage penalty (Wu et al. 2016, equation 14); 0 is off.
        groups: Number of beam groups; each avoids the pieces that earlier groups chose at the same step (Vijayakumar et
            al. 2018). 1 is plain beam search.
        diversity: Penalty on a piece's log probability for each beam of an earlier group that chose the same piece at
            this step.
        patience: The search ends after this number of consecutive steps in which no unfinished output beats the
            finished ones; 0 continues until no better output is possible.
    """

    beam_size: int = 5
    n_best: int = 1
    length_penalty: str = "average"
    length_alpha: float = 1.0
    coverage_beta: float = 0.0
    groups: int = 1
    diversity: float = 0.5
    patience: int = 8

    def __post_init__(self) -> None:
        """Refuse impossible searches."""
        within("beam_size", self.beam_size, 1, MOST_BEAMS, whole=True)
        within("n_best", self.n_best, 1, whole=True)
        require(
            self.n_best <= self.beam_size,
            f"n_best is {self.n_best}, but it must lie between 1 and beam_size ({self.beam_size}).",
        )
        choice("length_penalty", self.length_penalty, ("none", "average", "gnmt"))
        within("length_alpha", self.length_alpha, 0, 10)
        within("coverage_beta", self.coverage_beta, 0, 1000)
        within("groups", self.groups, 1, whole=True)
        require(
            self.beam_size % self.groups == 0,
            f"beam_size is {self.beam_size}, which {self.groups} groups cannot share: give a multiple of groups, or "
            "set groups to 1.",
        )
        within("diversity", self.diversity, 0, 1000)
        within("patience", self.patience, 0, whole=True)
        super().__post_init__()


OF_SEARCH = ("beam_size", "groups", "diversity", "coverage_beta")
"""Options that apply only to search; on the command line, using one selects search."""


@dataclass(frozen=True)
class ConstraintOptions(Options):
    """Constraints on every text.

    Args:
        no_repeat_ngram: Length of n-grams that may not occur twice in one output; 0 is off.
        repetition_penalty: Factor on the log probability of pieces already in the output (Keskar et al. 2019); 1 is
            off.
        banned: A word or phrase that outputs must not contain, ignoring case; repeat the option for several. '' bans
            nothing.
        min_length: Minimum number of pieces before the end token.
        max_length: Maximum number of pieces; 0 sets no limit.
    """

    no_repeat_ngram: int = 0
    repetition_penalty: float = 1.0
    banned: tuple[str, ...] = ()
    min_length: int = 0
    max_length: int = 0

    def __post_init__(self) -> None:
        """Refuse impossible constraints."""
        for name in ("no_repeat_ngram", "min_length", "max_length"):
            within(name, getattr(self, name), 0, whole=True)
        within("repetition_penalty", self.repetition_penalty, 1, 1000, advice="1 is off.")
        require(
            not isinstance(self.banned, str),
            f"banned is the text '{self.banned}', but it is a list of words and phrases.",
        )
        require(
            self.max_length == 0 or self.min_length <= self.max_length,
            f"min_length is {self.min_length}, which is more than max_length {self.max_length}.",
        )
        super().__post_init__()


@dataclass(frozen=True)
class SourceConstraintOptions(ConstraintOptions):
    """Constraints on outputs that have a source.

    Args:
        max_length: Maximum number of pieces; 0 means max_length_ratio times the source length plus max_length_extra.
        no_repeat_source_ngram: Length of source n-grams that may not occur in the output; 0 is off.
        max_length_ratio: See max_length; a trained model's default fits its training set.
        max_length_extra: See max_length.
        required: A word or phrase that outputs must contain, or alternatives separated by '|'; repeat the option for
            several. It needs several beams.
    """

    no_repeat_source_ngram: int = 0
    max_length_ratio: float = 2.0
    max_length_extra: int = 20
    required: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse impossible constraints."""
        super().__post_init__()
        for name in ("no_repeat_source_ngram", "max_length_extra"):
            within(name, getattr(self, name), 0, whole=True)
        within("max_length_ratio", self.max_length_ratio, 0, 1000)
        require(
            not isinstance(self.required, str),
            f"required is the text '{self.required}', but it is a list of words and phrases.",
        )
        for word in self.required:
            require(
                bool(word.strip("| ")),
                f"required is '{word}', which has no word: give a word or phrase, or leave required out.",
            )
        require(
            self.max_length > 0 or self.max_length_ratio > 0 or self.max_length_extra > 0,
            "max_length, max_length_ratio and max_length_extra are all 0, so every output would be empty.",
        )


@dataclass(frozen=True)
class WritingOptions(ConstraintOptions):
    """Generation by a language model.

    Args:
        batch_tokens: Maximum number of texts generated in parallel, and maximum number of tokens scored in one batch.
    """

    batch_tokens: int = 4096

    def __post_init__(self) -> None:
        """Refuse impossible batches."""
        within("batch_tokens", self.batch_tokens, 1, whole=True)
        super().__post_init__()


@dataclass(frozen=True)
class SearchOptions(WritingOptions, SourceConstraintOptions, BeamOptions):
    """Generation by a model with sources: beam search (greedy with one beam) and constraints.

    Args:
        batch_tokens: Maximum number of source tokens per batch, padding and beams included.
    """


W = TypeVar("W", bound=WritingOptions)


def of_sources(options: WritingOptions) -> SearchOptions:
    """Check that options are for a model with sources, and return them.

    Raises:
        UserError: If they are for a language model.
    """
    if not isinstance(options, SearchOptions):
        raise UserError("WritingOptions are for a language model: a model that reads sources takes SearchOptions.")
    return options


def of_texts(options: WritingOptions) -> WritingOptions:
    """Return the options that apply to a language model."""
    return WritingOptions(**{field.name: getattr(options, field.name) for field in fields(WritingOptions)})


def unused(kind: type[WritingOptions]) -> dict[str, Any]:
    """Return the search options that an option class lacks, with their defaults."""
    own = {field.name for field in fields(kind)}
    return {name: value for name, value in SearchOptions().to_json().items() if name not in own}


def stored_search(values: Fields, kind: type[W]) -> W:
    """Build stored options. For language models, search options stored by older versions are dropped.

    Raises:
        UserError: If a value is invalid, or if a name is unknown.
    """
    for name in unused(kind):
        values = values.without(name)
    return values.build(kind)


@dataclass(frozen=True)
class SamplingOptions(Options):
    """Sampling instead of search.

    Args:
        temperature: Divisor of the logits; below 1 is less random, above 1 is more random.
        top_k: Sample only from the k likeliest pieces; 0 is off.
        top_p: Sample from the smallest set of likeliest pieces whose total probability is at least this value (Holtzman
            et al. 2020); 1 is off.
        min_p: Sample from pieces whose probability is at least this fraction of the likeliest piece's probability
            (Nguyen et al. 2024); 0 is off.
        seed: Random seed.
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse impossible values."""
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
    """Reranking by mutual information (MMI-bidi, Li et al. 2016) or by expected utility (minimum Bayes risk).

    The scores are defined in `seq2seq.decoding.ranking`.

    Args:
        candidates: Number of candidates per source; 0 takes all beams of a search, or 20 samples.
        reverse_weight: Weight of the reverse model; 0 needs no reverse model.
        length_bonus: Added to the score for each piece, end token included.
        anti_weight: Weight of a language model's log probability, which is subtracted (MMI-antiLM, Li et al. 2016,
            section 4.1); 0 needs no language model.
        anti_pieces: Number of leading pieces that the language model scores; 0 scores all. As in the paper, later
            pieces are not penalized, so they stay fluent.
        utility: 'none', or 'chrf' or 'bleu' (of pieces), to choose the candidate that is most like the others (minimum
            Bayes risk, Kumar and Byrne 2004); no reverse model or language model is then used.
    """

    candidates: int = 0
    reverse_weight: float = 0.5
    length_bonus: float = 0.0
    anti_weight: float = 0.0
    anti_pieces: int = 5
    utility: str = "none"

    def __post_init__(self) -> None:
        """Refuse impossible values."""
        choice("utility", self.utility, ("none", "chrf", "bleu"))
        within("candidates", self.candidates, 0, MOST_CANDIDATES, whole=True)
        within("reverse_weight", self.reverse_weight, 0, 1000)
        within("length_bonus", self.length_bonus, -1000, 1000)
        within("anti_weight", self.anti_weight, 0, 1000)
        within("anti_pieces", self.anti_pieces, 0, whole=True, advice="0 weighs all.")
        require(
            self.utility == "none" or not (self.length_bonus or self.anti_weight),
            f"utility '{self.utility}' ranks candidates by itself: set length_bonus and anti_weight to 0.",
        )

    @property
    def uses_reverse(self) -> bool:
        """Whether a reverse model ranks the candidates."""
        return self.utility == "none" and self.reverse_weight > 0
