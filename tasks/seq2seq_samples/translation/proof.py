"""Verify the sample corpus: ``python -m seq2seq_samples.translation.proof [MODEL]``.

The module generates the corpus and checks its sentences; for example, every test sentence needs a new combination.
Given a model (a run folder or an exported bundle), it also counts the first lines that the model translates correctly.
The exit status is 1 if a claim does not hold, and 2 if the model is unsuitable.
"""

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from seq2seq.errors import UserError
from seq2seq_samples.engine.first_lines import bare, count_right
from seq2seq_samples.engine.proof import Finding, at_least, elsewhere, never, show
from seq2seq_samples.translation.first_lines import LINES
from seq2seq_samples.translation.grammar import PATTERNS
from seq2seq_samples.translation.sample import SEED, SIZES, Sentence, generate
from seq2seq_samples.translation.surface import Texts, words

LEAST_PATTERNS = 40
LEAST_WORDS = 400
LEAST_LINES = 27
"""Minimum number of correct translations of the first lines."""


def english_words(sentences: Sequence[Sentence]) -> set[str]:
    """Return the different English words, in lower case."""
    return {word for sentence in sentences for word in words(sentence.en) if not word.isdigit()}


def chinese_words(sentences: Sequence[Sentence]) -> set[str]:
    """Return the different Chinese words from the lexicon, including measure words but not function words."""
    return {word for sentence in sentences for word in sentence.words if word in sentence.zh}


def check(splits: dict[str, list[Sentence]]) -> list[Finding]:
    """Check every claim about the corpus."""
    train = splits["train"]
    fillers = {filler for sentence in train for filler in sentence.fillers}
    patterns = {sentence.pattern for sentence in train}
    trained = set(chain.from_iterable(sentence.pairs for sentence in train))
    findings = [
        at_least(f"train uses at least {LEAST_PATTERNS} patterns", len(patterns), LEAST_PATTERNS),
        at_least(f"train has at least {LEAST_WORDS} different English words", len(english_words(train)), LEAST_WORDS),
        at_least(f"train has at least {LEAST_WORDS} different Chinese words", len(chinese_words(train)), LEAST_WORDS),
        Finding("every pattern of the grammar occurs in train", ", ".join(sorted(PATTERNS.keys() - patterns))),
    ]
    every = list(chain(*splits.values()))
    targets: dict[str, str] = {}
    findings.append(
        _all(
            "every English sentence has one Chinese sentence",
            every,
            lambda sentence: targets.setdefault(sentence.en, sentence.zh) == sentence.zh,
        )
    )
    for name in ("validation", "test"):
        findings += _held_out(name, splits, fillers, patterns, trained)
    lines = {bare(line.text) for line in LINES}
    texts = Texts((sentence.en, sentence.zh) for sentence in train)
    test = splits["test"]
    findings += [
        _all("no first line is in any split", every, lambda sentence: bare(sentence.en) not in lines),
        _all(
            "every word of test, in its very form, is in train",
            test,
            lambda sentence: texts.know(sentence.en, sentence.zh),
        ),
        _all(
            "every sentence of test has two fillers whose words no sentence of train has together, in either language",
            test,
            lambda sentence: not all(texts.join(pair) for pair in sorted(sentence.pairs)),
        ),
    ]
    return findings


def _held_out(
    name: str,
    splits: dict[str, list[Sentence]],
    fillers: set[str],
    patterns: set[str],
    trained: set[tuple[str, str]],
) -> list[Finding]:
    """Check a split, given the fillers, the templates and the pairs of fillers in the training set."""
    split, others = splits[name], elsewhere(splits, name)
    english, chinese = {sentence.en for sentence in others}, {sentence.zh for sentence in others}
    return [
        _all(f"no English sentence of {name} is in another split", split, lambda sentence: sentence.en not in english),
        _all(f"no Chinese sentence of {name} is in another split", split, lambda sentence: sentence.zh not in chinese),
        _all(f"every filler of {name} is in train", split, lambda sentence: fillers >= set(sentence.fillers)),
        _all(f"every pattern of {name} is in train", split, lambda sentence: sentence.pattern in patterns),
        _all(
            f"every sentence of {name} has two fillers that no sentence of train has together",
            split,
            lambda sentence: not sentence.pairs <= trained,
        ),
    ]


def check_lines(translations: Sequence[str]) -> Finding:
    """Check a model's translations of `LINES`, and print the wrong ones."""
    right = count_right(LINES, translations, "first lines")
    return at_least(f"at least {LEAST_LINES} of {len(LINES)} first lines are right", right, LEAST_LINES)


def main(arguments: Sequence[str] = ()) -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(
        "python -m seq2seq_samples.translation.proof", description="Check the sample corpus."
    )
    parser.add_argument("model", nargs="?", help="a model of the sample corpus, to translate the first lines with")
    given = parser.parse_args(arguments)
    splits = generate(*SIZES, SEED)
    train = splits["train"]
    trained = set(chain.from_iterable(sentence.pairs for sentence in train))
    print(f"patterns       {len({sentence.pattern for sentence in train})}")
    print(f"English words  {len(english_words(train))}")
    print(f"Chinese words  {len(chinese_words(train))}")
    for name, sentences in splits.items():
        lengths = [len(sentence.en.split()) for sentence in sentences]
        print(
            f"{name:<14} {len(sentences)} sentences of {min(lengths)} to {max(lengths)} English words, "
            f"{sum(lengths) / len(sentences):.1f} on average"
        )
        if name != "train":
            new = sum(len(sentence.pairs - trained) for sentence in sentences) / len(sentences)
            print(f"{'':<14} {new:.1f} pairs of fillers per sentence that train never shows")
    findings = check(splits)
    if given.model:
        import seq2seq

        try:
            outputs = seq2seq.load(given.model).decode([line.text for line in LINES])
        except UserError as error:
            parser.error(str(error))
        findings.append(check_lines([best[0].text for best in outputs]))
    return show(findings)


def _all(claim: str, sentences: Iterable[Sentence], holds: Callable[[Sentence], bool]) -> Finding:
    return never(claim, (sentence.en for sentence in sentences if not holds(sentence)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
