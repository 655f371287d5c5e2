r"""Extractive baselines for summarization.

Each selects sentences of the document, or turns of a chat (`seq2seq.metrics.sentences`), and joins them with ``\n``,
which separates sentences for ROUGE-Lsum. Only the oracle uses the references.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from random import Random

from seq2seq.metrics.rouge import words
from seq2seq.metrics.sentences import units
from seq2seq_summarization.composition import grams

Extract = Callable[[Sequence[str], Sequence[Sequence[str]]], list[str]]
"""Function that takes the documents and their reference summaries and returns one summary per document."""
ORACLE_SENTENCES = 3
"""Maximum number of sentences of an oracle summary."""


def lead(documents: Sequence[str], references: Sequence[Sequence[str]], *, count: int) -> list[str]:
    """Return the first `count` sentences of each document; `references` is ignored."""
    return ["\n".join(units(document)[:count]) for document in documents]


def longest(documents: Sequence[str], references: Sequence[Sequence[str]], *, count: int) -> list[str]:
    """Return the `count` longest sentences of each document, in document order; `references` is ignored.

    Of equally long sentences, the first is taken.
    """
    summaries = []
    for document in documents:
        sentences = units(document)
        order = sorted(range(len(sentences)), key=lambda place: (-len(words(sentences[place])), place))
        summaries.append("\n".join(sentences[place] for place in sorted(order[:count])))
    return summaries


def drawn(documents: Sequence[str], references: Sequence[Sequence[str]], *, seed: int = 12345) -> list[str]:
    """Return a random sentence of each document, chosen by seed and document index; `references` is ignored."""
    summaries = []
    for number, document in enumerate(documents):
        sentences = units(document)
        summaries.append(Random(f"{seed} {number}").choice(sentences) if sentences else "")
    return summaries


def oracle(
    documents: Sequence[str], references: Sequence[Sequence[str]], *, count: int = ORACLE_SENTENCES
) -> list[str]:
    """Return the sentences most similar to the references, in document order.

    As in Nallapati et al. 2017, sentences are added one at a time, each time the one that raises the sum of ROUGE-1
    and ROUGE-2 F1 most, until no sentence raises it. This greedy search only approximates the best selection.

    Args:
        documents: The documents.
        references: All references of each document; ROUGE-1 and ROUGE-2 each use the best one.
        count: Maximum number of sentences.
    """
    return [_chosen(units(document), texts, count) for document, texts in zip(documents, references, strict=True)]


NEIGHBOURS: dict[str, Extract] = {
    "lead-1": partial(lead, count=1),
    "lead-3": partial(lead, count=3),
    "longest-3": partial(longest, count=3),
    "random sentence": drawn,
    "oracle": oracle,
}
"""Baselines shown in a report, by name."""


class _Overlap:
    """Computes ROUGE-N for any selection of a document's sentences.

    Args:
        sentences: The words of each sentence.
        reference: The words of the reference.
        size: n, 1 or 2.
    """

    def __init__(self, sentences: Sequence[Sequence[str]], reference: Sequence[str], size: int) -> None:
        self.sentences = sentences
        self.size = size
        self.wanted = Counter(grams(reference, size))
        # Other n-grams cannot match.
        self.found = [[gram for gram in grams(sentence, size) if gram in self.wanted] for sentence in sentences]

    def f1(self, chosen: Sequence[int]) -> float:
        """Return F1, from 0 to 1, of the concatenated sentences with the given indices, in order."""
        hit = [gram for place in chosen for gram in self.found[place]]
        spoken = [self.sentences[place] for place in chosen if self.sentences[place]]
        if self.size == 2:  # bigrams may cross sentence boundaries
            borders = ((sentence[-1], following[0]) for sentence, following in pairwise(spoken))
            hit += [gram for gram in borders if gram in self.wanted]
        hits = sum(min(times, self.wanted[gram]) for gram, times in Counter(hit).items())
        length = sum(map(len, spoken)) - self.size + 1
        return 2 * hits / (max(0, length) + self.wanted.total()) if hits else 0.0


def _chosen(sentences: list[str], references: Sequence[str], count: int) -> str:
    cut = [words(text, stemming=True) for text in sentences]
    targets = [words(text, stemming=True) for text in references]
    overlaps = [[_Overlap(cut, target, size) for target in targets] for size in (1, 2)]

    def gain(chosen: Sequence[int]) -> float:
        return sum(max(overlap.f1(chosen) for overlap in of_size) for of_size in overlaps)

    chosen: list[int] = []
    best = 0.0
    for _ in range(count):
        candidates = [sorted([*chosen, place]) for place in range(len(cut)) if place not in chosen]
        scores = [gain(candidate) for candidate in candidates]
        if not scores or max(scores) <= best:
            break
        best = max(scores)
        chosen = candidates[scores.index(best)]
    return "\n".join(sentences[place] for place in chosen)
