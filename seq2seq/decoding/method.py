"""Decoding methods: search or sampling, optionally with reranking (`seq2seq.decoding.ranking.reranking`)."""

from dataclasses import dataclass
from typing import Any

from seq2seq.amounts import amount
from seq2seq.decoding.options import (
    BeamOptions,
    RerankOptions,
    SamplingOptions,
    SourceConstraintOptions,
    WritingOptions,
)
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.options import differences, require

SAMPLED_CANDIDATES = 20
"""Default number of candidates sampled per source."""


@dataclass(frozen=True)
class Decoding:
    """Decoding options.

    Args:
        search: Constraints; if the model has sources, also beam options, in which `count` replaces `n_best`.
        sampling: Sampling options; None for search.
        rerank: Reranking options; None for no reranking.
        count: Number of outputs per source.
        glossary: How terms of the source must be translated; None requires no terms.

    Raises:
        UserError: If the method produces fewer outputs than requested, or if words are required without a search with
            several beams.
    """

    search: WritingOptions
    sampling: SamplingOptions | None = None
    rerank: RerankOptions | None = None
    count: int = 1
    glossary: Glossary | None = None

    def __post_init__(self) -> None:
        """Refuse to produce fewer outputs than requested, and required words where they are not supported."""
        beams, candidates = self.beams, self.candidates
        require(
            self.glossary is None or isinstance(self.search, SourceConstraintOptions),
            "A glossary is for models that read a source, but this is a language model.",
        )
        require(
            not self.requires_terms or (self.sampling is None and beams > 1),
            "Required words and glossaries need a search with several beams: set beam_size to 2 or more, and do not "
            "sample.",
        )
        require(self.count >= 1, f"count is {self.count}, but it must be at least 1.")
        require(
            self.sampling is not None or candidates <= beams,
            f"{candidates} {'candidates' if self.rerank else 'outputs'} are wanted for each source, but a search with "
            f"beam_size {beams} finds at most that many: raise beam_size, or sample.",
        )
        require(
            self.count <= candidates,
            f"{self.count} outputs are wanted for each source, but they are chosen from {candidates} candidates: raise "
            "candidates.",
        )

    @property
    def beams(self) -> int:
        """Number of beams; 1 for a language model, which has greedy search only."""
        return self.search.beam_size if isinstance(self.search, BeamOptions) else 1

    @property
    def candidates(self) -> int:
        """Number of outputs per source before reranking."""
        if self.rerank is None:
            return self.count
        return self.rerank.candidates or (self.beams if self.sampling is None else SAMPLED_CANDIDATES)

    @property
    def requires_terms(self) -> bool:
        """Whether outputs may have to contain terms."""
        return self.glossary is not None or (
            isinstance(self.search, SourceConstraintOptions) and any(word.strip() for word in self.search.required)
        )

    def method(self) -> str:
        """Return a description of the decoding, for reports."""
        if self.sampling is not None:
            changed = [f"{name} {value:g}" for name, value in differences(self.sampling).items() if name != "seed"]
            method = f"drawn at random ({', '.join([*changed, f'seed {self.sampling.seed}'])})"
        elif not isinstance(self.search, BeamOptions) or self.search.beam_size == 1:
            method = "greedy search"
        else:
            groups = f" in {self.search.groups} groups, diversity {self.search.diversity:g}"
            method = f"beam search, {self.search.beam_size} beams{groups if self.search.groups > 1 else ''}"
        if self.glossary is not None:
            method += f", a glossary of {amount(len(self.glossary), 'term')}"
        if self.rerank is None:
            return method
        if self.rerank.utility != "none":
            return f"the best of {self.candidates} candidates by expected {self.rerank.utility}; {method}"
        weights = f"reverse_weight {self.rerank.reverse_weight:g}, length_bonus {self.rerank.length_bonus:g}"
        if self.rerank.anti_weight:
            weights += f", anti_weight {self.rerank.anti_weight:g} on {self.rerank.anti_pieces or 'all'} pieces"
        return f"the best of {self.candidates} candidates by {weights}; {method}"

    def recipe(self) -> dict[str, Any]:
        """Return all decoding settings that affect outputs, as JSON-serializable values."""
        return {
            "search": self.search.to_json(),
            "sampling": self.sampling.to_json() if self.sampling else None,
            "rerank": {**self.rerank.to_json(), "candidates": self.candidates} if self.rerank else None,
            **({"glossary": {"terms": len(self.glossary), "digest": self.glossary.digest()}} if self.glossary else {}),
        }
