"""Measure masks: the share of outputs with the right placeholders, of a model trained with masks and of one without.

    python -m benchmarks.placeholders FOLDER [--epochs 3] [--pairs 14000] [--copying] [--json FILE]

Placeholders are put into the translation task's sample corpus, on both sides of four pairs in five: at the end, around
a pair, or between two pairs. Names, addresses and numbers are random, so nearly all of the test set are in no training
pair. Two models that differ only in data.reader.masks are trained with the settings of the sample corpus. FOLDER gets
the corpus and the runs. A run that is there already is measured again, but not trained again. With --copying, both have
a copy mechanism and one vocabulary for both languages.

Sources are those of the test set. An output is right if it has every placeholder of its source and no other, in the
order that formats without numbers need. It is equal if it equals the reference, so the placeholders are also in the
right places. chrF compares all outputs with the references, placeholders included. The lines are also translated as
texts of a document, of which some must be translated in parts or stay untranslated.
"""

import argparse
import random
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.commands import fit
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.protected_spans import difference, spans
from seq2seq.documents.protected_translation import translated
from seq2seq.documents.steps import finished
from seq2seq.metrics.sacrebleu_metrics import ChrF
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin import registry

SHARE = 0.8
"""Share of the pairs that get placeholders."""


@dataclass(frozen=True)
class Figure:
    """What was measured of a model.

    Args:
        masks: Whether it was trained with masks.
        epochs: Number of training epochs.
        sources: Number of sources with placeholders.
        right: Share of them whose output has exactly the placeholders of the source.
        equal: Share of them whose output equals the reference.
        chrf: chrF of all outputs of the test set.
        in_parts: Share of the sources that had to be translated in parts as texts of a document.
        untranslated: Share of those that stayed untranslated there.
        seconds: CPU seconds for the outputs of the test set.
    """

    masks: bool
    epochs: int
    sources: int
    right: float
    equal: float
    chrf: float
    in_parts: float
    untranslated: float
    seconds: float


def word(draw: random.Random) -> str:
    """Return random letters."""
    return "".join(draw.choices(string.ascii_lowercase, k=draw.randint(3, 9)))


def placeholder(draw: random.Random) -> str:
    """Return a placeholder, an address or a number with a unit."""
    name = word(draw)
    return draw.choice(
        (
            draw.choice(("%s", "%d", "%i", "%.2f", "%1$s")),
            f"%({name})s",
            f"{{{name}}}",
            f"{{{draw.randint(0, 9)}}}",
            f"${{{name}.{word(draw)}}}",
            f"https://{name}.example.org/{word(draw)}?id={draw.randint(1, 999)}",
            f"{name}@{word(draw)}.example.org",
            f"{draw.randint(1, 9999) / 10:g} {draw.choice(('km', 'kg', 'MB', '°C', 'ms'))}",
        )
    )


def with_placeholders(examples: Sequence[Example], seed: int) -> Iterator[tuple[str, str]]:
    """Yield pairs with placeholders on both sides, one for each example."""
    draw = random.Random(seed)
    for example in examples:
        source, target = plain(example.source), plain(example.target)
        if draw.random() < SHARE:
            kind = draw.choice(("end", "around", "between"))
            if kind == "end":
                span = placeholder(draw)
                source, target = f"{source} ({span})", f"{target}（{span}）"
            elif kind == "around":
                tag = draw.choice(("b", "i", "a", "span"))
                opening = f'<{tag} class="{word(draw)}">' if draw.random() < 0.5 else f"<{tag}>"
                source, target = (f"{opening}{text}</{tag}>" for text in (source, target))
            else:
                other = draw.choice(examples)
                span, last = placeholder(draw), placeholder(draw)
                source = f"{source} {span} {plain(other.source)} {last}"
                target = f"{target}{span}{plain(other.target)}{last}"
        yield source, target


def write_corpus(folder: Path, pairs: int) -> None:
    """Write the splits of the sample corpus with placeholders."""
    task = registry.load("translation")
    sample = task.sample(task.reader())
    assert sample is not None
    for seed, (split, examples) in enumerate(
        (("train", sample.train[:pairs]), ("validation", sample.validation), ("test", sample.test))
    ):
        lines = [f"{source}\t{target}\n" for source, target in with_placeholders(examples, seed)]
        (folder / f"{split}.tsv").write_text("source\ttarget\n" + "".join(lines), encoding="utf-8")


def train(folder: Path, *, masks: bool, epochs: int, copying: bool = False) -> Path:
    """Train a model with the settings of the sample corpus, unless it is there."""
    run = folder / f"{'masks' if masks else 'text'}{'-copying' if copying else ''}-{epochs}"
    if not (run / "model").is_dir():
        data = [f"--data.{split}={folder / split}.tsv" for split in ("train", "validation")]
        languages = ["--data.reader.source_language=en", "--data.reader.target_language=zh"]
        options = [f"--data.reader.masks={str(masks).lower()}", f"--trainer.max_epochs={epochs}", "--threads=1"]
        if copying:
            options += ["--model.network.copying=true", "--data.tokenizer.joint=true"]
        fit.main(["translation", "-c", "sample", f"--run_dir={run}", *data, *languages, *options])
    return run


def measured(run: Path, pairs: Sequence[tuple[str, str]], *, masks: bool, epochs: int) -> Figure:
    """Translate the test set in both ways."""
    model = load(run)
    assert isinstance(model, SourceModel)
    texts = [source for source, _ in pairs]
    begin = cpu_seconds()
    outputs = [outputs[0].text for outputs in model.decode(texts)]
    seconds = cpu_seconds() - begin
    chosen = [number for number, text in enumerate(texts) if spans(text)]
    right = sum(not difference(texts[number], outputs[number]) for number in chosen)
    equal = sum(outputs[number] == pairs[number][1] for number in chosen)
    score = ChrF().score(outputs, [[target] for _, target in pairs])

    def translate(lines: Sequence[str]) -> list[str]:
        return [found[0].text for found in model.decode(lines)]

    results = finished(translated([texts[number] for number in chosen], has_masks=masks), translate)
    untranslated = sum(result.text is None for result in results)
    in_parts = sum(result.text is not None and bool(result.note) for result in results)
    count = len(chosen)
    return Figure(
        masks, epochs, count, right / count, equal / count, score, in_parts / count, untranslated / count, seconds
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=14_000, help="number of training pairs")
    parser.add_argument("--copying", action="store_true", help="train models that can copy pieces of the source")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    write_corpus(options.folder, options.pairs)
    before = matrix_rate()
    rows = (options.folder / "test.tsv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(source, target) for source, target in (row.split("\t") for row in rows)]
    figures = []
    for masks in (False, True):
        run = train(options.folder, masks=masks, epochs=options.epochs, copying=options.copying)
        figure = measured(run, pairs, masks=masks, epochs=options.epochs)
        figures.append(figure)
        print(
            f"{'masks' if masks else 'text ':5}  {figure.sources} sources with placeholders: {figure.right:.1%} right, "
            f"{figure.equal:.1%} equal; "
            f"chrF {figure.chrf:.1f}; as a document {figure.in_parts:.1%} in parts, {figure.untranslated:.1%} "
            f"untranslated; {figure.seconds:.0f} CPU s",
            flush=True,
        )
    command = f"python -m benchmarks.placeholders {options.folder} --epochs {options.epochs} --pairs {options.pairs}"
    command += " --copying" if options.copying else ""
    finish(command, figures, before, options.json)


if __name__ == "__main__":
    main()
