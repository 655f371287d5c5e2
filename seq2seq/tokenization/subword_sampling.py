"""Sample segmentations reproducibly across processes: BPE-dropout and unigram sampling.

sentencepiece's own sampling mixes the process id into the seed, so a resumed training run would see different pieces.
Instead, this module takes sentencepiece's likeliest segmentation and resamples it word by word, with the model's pieces
and scores and a small random number generator.
"""

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

BLANK = "\u2581"
BITS = 0xFFFFFFFFFFFFFFFF
# Maximum number of words whose lattices are cached; the cache takes a few megabytes.
KEPT_LATTICES = 4096

# For each end position in a word: the cumulative probabilities of the pieces that end there, their starts and ids.
Lattice = list[tuple[list[float], list[int], list[int]]]


class Draws:
    """Uniform random numbers (SplitMix64, Steele et al. 2014), cheap to seed anew for each text, with any integer."""

    def __init__(self, seed: int) -> None:
        self._state = seed & BITS

    def uniform(self) -> float:
        """Return a random number in (0, 1]."""
        self._state = self._state + 0x9E3779B97F4A7C15 & BITS
        mixed = (self._state ^ self._state >> 30) * 0xBF58476D1CE4E5B9 & BITS
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & BITS
        return ((mixed ^ mixed >> 31) + 1) / 2**64


class Subwords:
    """Samples segmentations with the pieces of a sentencepiece model."""

    def __init__(self, processor: "SentencePieceProcessor") -> None:
        numbers = list(range(processor.get_piece_size()))
        pieces: list[str] = processor.id_to_piece(numbers)
        flags = (processor.is_control, processor.is_unknown, processor.is_unused, processor.is_byte)
        odd = [any(flag(number) for flag in flags) for number in numbers]
        self._scores: list[float] = processor.get_score(numbers)
        self._ids = {piece: number for number, piece in enumerate(pieces) if not odd[number]}
        # Pieces without text of their own (bytes, the unknown piece) are never split or merged.
        self._strings = [None if odd[number] else piece for number, piece in enumerate(pieces)]
        self._bytes = {piece: number for number, piece in enumerate(pieces) if processor.is_byte(number)}
        self._unknown = processor.unk_id()
        # Scores are merge ranks in a BPE model, and log probabilities in a unigram model.
        self._is_bpe = all(self._scores[number].is_integer() for number in self._ids.values())
        # The text is split into words between any two characters that are not adjacent in any piece. (Most models have
        # such a split before each space, and at almost every Chinese word boundary.)
        self._joined = {piece[place : place + 2] for piece in self._ids for place in range(len(piece) - 1)}
        self._rank = {piece: self._scores[number] for piece, number in self._ids.items() if len(piece) > 1}
        self._longest = max(map(len, self._ids), default=0)
        self._lattice = lru_cache(KEPT_LATTICES)(self._new_lattice)

    def redraw(self, ids: Sequence[int], alpha: float, draws: Draws) -> list[int]:
        """Sample another segmentation of a text.

        Args:
            ids: The likeliest segmentation.
            alpha: For BPE, the probability of omitting a merge; for unigram, the exponent of the probabilities.
            draws: Random numbers.
        """
        drawn = self._dropped(ids, alpha, draws) if self._is_bpe else self._sampled(ids, alpha, draws)
        return list(drawn)

    def redraw_alike(self, ids: Sequence[int], alpha: float, seed: int) -> list[int]:
        """Sample another segmentation; a word gets the same segmentation in all texts with this seed."""
        drawn: list[int] = []
        for word, given in self._words(ids):
            drawn += self.redraw(given, alpha, Draws(seed ^ crc32(word.encode()))) if word else given
        return drawn

    def _words(self, ids: Sequence[int]) -> Iterator[tuple[str, Sequence[int]]]:
        """Yield each word and its ids; the word is '' for ids that are not resampled."""
        word, start = "", 0
        for place, number in enumerate(ids):
            string = self._strings[number]
            if string is None or not word or word[-1] + string[0] not in self._joined:
                if start < place:
                    yield word, ids[start:place]
                word, start = "", place
            word += string or ""
        if start < len(ids):
            yield word, ids[start:]

    def _dropped(self, ids: Sequence[int], rate: float, draws: Draws) -> Iterator[int]:
        """Sample by BPE-dropout (Provilkov et al. 2020), which omits each merge with probability `rate`.

        Instead of one sample per merge, the number of merges before the next omitted one is sampled from the geometric
        distribution, so most words keep their segmentation without any work.
        """
        scale = math.log1p(-rate) if rate < 1 else -math.inf
        merges = _Countdown(scale, draws)
        for word, given in self._words(ids):
            needed = len(word) - len(given)
            if not word or needed <= merges.left:
                merges.left -= max(0, needed) if word else 0
                yield from given
            else:
                yield from self._merged(word, merges)

    def _merged(self, word: str, merges: "_Countdown") -> Iterator[int]:
        """Merge the characters of a word, best pair first, omitting some merges."""
        rank, never = self._rank, -math.inf
        symbols = list(word)
        pairs = [rank.get(left + right, never) for left, right in pairwise(symbols)]
        # Words are short, so scanning all pairs again is faster than maintaining a heap.
        while pairs and (best := max(pairs)) > never:
            place = pairs.index(best)
            if merges.is_left_out():
                pairs[place] = never
                continue
            symbols[place : place + 2] = [symbols[place] + symbols[place + 1]]
            del pairs[place]
            if place < len(pairs):
                pairs[place] = rank.get(symbols[place] + symbols[place + 1], never)
            if place:
                pairs[place - 1] = rank.get(symbols[place - 1] + symbols[place], never)
        for symbol in symbols:
            yield from self._spelled(symbol)

    def _spelled(self, symbol: str) -> Iterator[int]:
        """Yield the id of a piece; for a character without a piece, its bytes or the unknown id."""
        number = self._ids.get(symbol)
        if number is not None:
            yield number
        elif self._bytes:
            for byte in symbol.encode():
                yield self._bytes[f"<0x{byte:02X}>"]
        else:
            yield self._unknown

    def _sampled(self, ids: Sequence[int], alpha: float, draws: Draws) -> Iterator[int]:
        """Sample segmentations by probability to the power of alpha (Kudo 2018), starting at each word's end."""
        for word, given in self._words(ids):
            if len(word) < 2:
                yield from given
                continue
            lattice = self._lattice(word, alpha)
            drawn: list[int] = []
            end = len(word)
            while end:
                cumulated, starts, numbers = lattice[end]
                choice = min(bisect_left(cumulated, draws.uniform()), len(starts) - 1)
                drawn.append(numbers[choice])
                end = starts[choice]
            yield from reversed(drawn)

    def _new_lattice(self, word: str, alpha: float) -> Lattice:
        """For each prefix of a word, sum the probabilities of its segmentations (forward filtering)."""
        sums = [0.0] + [-math.inf] * len(word)
        lattice: Lattice = [([], [], [])]
        for end in range(1, len(word) + 1):
            weights, starts, numbers = [], [], []
            for start in range(max(0, end - self._longest), end):
                number = self._ids.get(word[start:end])
                if number is not None and sums[start] > -math.inf:
                    weights.append(sums[start] + alpha * self._scores[number])
                    starts.append(start)
                    numbers.append(number)
            if weights:
                largest = max(weights)
                shares = [math.exp(weight - largest) for weight in weights]
                total = sum(shares)
                sums[end] = largest + math.log(total)
                lattice.append(([share / total for share in accumulate(shares)], starts, numbers))
            else:
                lattice.append(([], [], []))
        return lattice


class _Countdown:
    """Number of merges until the next omitted one."""

    def __init__(self, scale: float, draws: Draws) -> None:
        self._scale, self._draws = scale, draws
        self.left = self._next()

    def is_left_out(self) -> bool:
        """Count one merge, and return whether to omit it."""
        if self.left:
            self.left -= 1
            return False
        self.left = self._next()
        return True

    def _next(self) -> int:
        return int(math.log(self._draws.uniform()) / self._scale)
