"""The translation sample corpus: generated sentence pairs, with unseen combinations in the test set.

Fillers are the variable parts of a template: a verb, a noun, a number, a month. A checksum assigns every pair of
fillers to one split. Training sentences contain only training pairs. A test sentence contains a test pair but no
validation pair, and each of its fillers occurs in the training set. A filler's words may also come from a template
or from another filler, so `surface` searches the training sentences for the words of test pairs: every test sentence
has at least one pair that no training sentence contains in either language.

The typical user inputs in `first_lines` are in no split.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations
from random import Random

from seq2seq.corpus.example import Example
from seq2seq_samples.engine import held_out
from seq2seq_samples.engine.first_lines import bare
from seq2seq_samples.engine.splits import examples
from seq2seq_samples.translation import clauses, everyday, patterns, quantities, questions
from seq2seq_samples.translation.first_lines import LINES
from seq2seq_samples.translation.grammar import PATTERNS, Draw, capital
from seq2seq_samples.translation.surface import Texts

SEED = 1
SIZES = (14_000, 400, 500)  # training, validation, test
# Number of filler pairs per thousand held out for validation, and for test.
HELD_OUT = 15
# Maximum number of attempts per sentence; templates with few fillers run out of new sentences.
TRIES = 300
MODULES = (patterns, quantities, clauses, questions, everyday)  # importing them fills PATTERNS


@dataclass(frozen=True)
class Sentence:
    """A generated sentence pair with metadata.

    Attributes:
        pattern: Name of its template.
        en: The English sentence.
        zh: The Chinese sentence.
        fillers: Its fillers.
        words: Its Chinese words from the lexicon.
    """

    pattern: str
    en: str
    zh: str
    fillers: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """All pairs of different fillers, each in alphabetical order."""
        first_to_last = sorted(set(self.fillers))
        return set(combinations(first_to_last, 2))

    @property
    def split(self) -> str:
        """The split of its pairs: 'train', 'validation', 'test', or 'none' if it has both validation and test pairs."""
        splits = {split_of(pair) for pair in self.pairs} - {"train"}
        return "none" if len(splits) > 1 else splits.pop() if splits else "train"


def split_of(pair: tuple[str, str]) -> str:
    """Return the split of a pair of fillers."""
    return held_out.split_of("\t".join(pair), HELD_OUT, 1000)


def sentence(random: Random, name: str) -> Sentence:
    """Generate a sentence from a template."""
    draw = Draw(random)
    en, zh = PATTERNS[name](draw)
    return Sentence(name, en.lower() if draw.is_small else capital(en), zh, tuple(draw.fillers), tuple(draw.words))


@cache
def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Sentence]]:
    """Generate the splits from alternating templates; no sentence occurs twice.

    The training set comes first, because the other splits use only its fillers.
    """
    random = Random(seed)
    seen: set[str] = set()
    asked = {bare(line.text) for line in LINES}
    known: set[str] = set()
    splits: dict[str, list[Sentence]] = {}
    trained = Texts([])
    for split, size in (("train", train), ("validation", validation), ("test", test)):
        sentences: list[Sentence] = []
        names = sorted(PATTERNS)  # independent of the import order
        while len(sentences) < size:
            dry = []
            for name in names:
                for _ in range(TRIES):
                    new = sentence(random, name)
                    is_known = split == "train" or known.issuperset(new.fillers)
                    is_new = new.en not in seen and new.zh not in seen and bare(new.en) not in asked
                    if is_known and is_new and new.split == split and (split != "test" or is_strict(new, trained)):
                        sentences.append(new)
                        seen |= {new.en, new.zh}
                        break
                else:
                    dry.append(name)
            names = [name for name in names if name not in dry]
            if not names:
                raise ValueError(f"The grammar has no {size} different sentences for {split}, only {len(sentences)}.")
        random.shuffle(sentences)
        splits[split] = sentences[:size]
        if split == "train":
            known = {filler for item in splits[split] for filler in item.fillers}
            trained = Texts((item.en, item.zh) for item in splits[split])
    return splits


def is_strict(new: Sentence, trained: Texts) -> bool:
    """Return whether the training set contains every word of a sentence, but not all of its test pairs."""
    pairs = [pair for pair in sorted(new.pairs) if split_of(pair) == "test"]
    return trained.know(new.en, new.zh) and not all(trained.join(pair) for pair in pairs)


def sample(
    train: int = SIZES[0], validation: int = SIZES[1], test: int = SIZES[2], seed: int = SEED
) -> dict[str, list[Example]]:
    """Return the examples of each split; the same at every call."""
    return examples(generate(train, validation, test, seed), lambda item, place: Example(item.en, item.zh, place=place))
