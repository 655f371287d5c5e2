"""Verify the sample corpus: ``python -m seq2seq_samples.translation.proof [MODEL]``.

The module generates the corpus and checks its sentences; for example, every test sentence needs a new combination.
Given a model (a run folder or an exported bundle), it also counts the first lines that the model translates correctly.
The exit status is 1 if a claim does not hold, and 2 if the model is unsuitable.
"""

import argparse
import sys
from collections.abc import Sequence
from itertools import chain

from seq2seq.errors import UserError
from seq2seq_samples.engine.first_lines import bare, count_right
from seq2seq_samples.engine.proof import Finding, elsewhere, first, show
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
    return {word for one in sentences for word in words(one.en) if not word.isdigit()}


def chinese_words(sentences: Sequence[Sentence]) -> set[str]:
    """Return the different Chinese words from the lexicon, including measure words but not function words."""
    return {word for one in sentences for word in one.words if word in one.zh}


def check(splits: dict[str, list[Sentence]]) -> list[Finding]:
    """Check every claim about the corpus."""
    train = splits["train"]
    fillers = {filler for one in train for filler in one.fillers}
    patterns = {one.pattern for one in train}
    trained = set(chain.from_iterable(one.pairs for one in train))
    findings = [
        _at_least(f"train uses at least {LEAST_PATTERNS} patterns", len(patterns), LEAST_PATTERNS),
        _at_least(f"train has at least {LEAST_WORDS} different English words", len(english_words(train)), LEAST_WORDS),
        _at_least(f"train has at least {LEAST_WORDS} different Chinese words", len(chinese_words(train)), LEAST_WORDS),
        Finding("every pattern of the grammar occurs in train", ", ".join(sorted(PATTERNS.keys() - patterns))),
    ]
    targets: dict[str, str] = {}
    double = [one.en for one in chain(*splits.values()) if targets.setdefault(one.en, one.zh) != one.zh]
    findings.append(Finding("every English sentence has one Chinese sentence", first(double)))
    for name in ("validation", "test"):
        split = splits[name]
        others = elsewhere(splits, name)
        english, chinese = {one.en for one in others}, {one.zh for one in others}
        findings += [
            Finding(
                f"no English sentence of {name} is in another split", first(x.en for x in split if x.en in english)
            ),
            Finding(
                f"no Chinese sentence of {name} is in another split", first(x.en for x in split if x.zh in chinese)
            ),
            Finding(f"every filler of {name} is in train", first(x.en for x in split if not fillers >= set(x.fillers))),
            Finding(f"every pattern of {name} is in train", first(x.en for x in split if x.pattern not in patterns)),
            Finding(
                f"every sentence of {name} has two fillers that no sentence of train has together",
                first(x.en for x in split if x.pairs <= trained),
            ),
        ]
    lines = {bare(line.text) for line in LINES}
    findings.append(
        Finding("no first line is in any split", first(x.en for x in chain(*splits.values()) if bare(x.en) in lines))
    )
    texts = Texts((one.en, one.zh) for one in train)
    test = splits["test"]
    findings += [
        Finding(
            "every word of test, in its very form, is in train",
            first(x.en for x in test if not texts.know(x.en, x.zh)),
        ),
        Finding(
            "every sentence of test has two fillers whose words no sentence of train has together, in either language",
            first(x.en for x in test if all(texts.join(pair) for pair in sorted(x.pairs))),
        ),
    ]
    return findings


def check_lines(translations: Sequence[str]) -> Finding:
    """Check a model's translations of `LINES`, and print the wrong ones."""
    right = count_right(LINES, translations, "first lines")
    return _at_least(f"at least {LEAST_LINES} of {len(LINES)} first lines are right", right, LEAST_LINES)


def main(arguments: Sequence[str] = ()) -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(
        "python -m seq2seq_samples.translation.proof", description="Check the sample corpus."
    )
    parser.add_argument("model", nargs="?", help="a model of the sample corpus, to translate the first lines with")
    given = parser.parse_args(arguments)
    splits = generate(*SIZES, SEED)
    train = splits["train"]
    trained = set(chain.from_iterable(one.pairs for one in train))
    print(f"patterns       {len({one.pattern for one in train})}")
    print(f"English words  {len(english_words(train))}")
    print(f"Chinese words  {len(chinese_words(train))}")
    for name, made in splits.items():
        lengths = [len(one.en.split()) for one in made]
        print(
            f"{name:<14} {len(made)} sentences of {min(lengths)} to {max(lengths)} English words, "
            f"{sum(lengths) / len(made):.1f} on average"
        )
        if name != "train":
            new = sum(len(one.pairs - trained) for one in made) / len(made)
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


def _at_least(claim: str, count: int, least: int) -> Finding:
    return Finding(claim, "" if count >= least else str(count))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
