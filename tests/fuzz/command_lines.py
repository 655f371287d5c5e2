"""A random input for a verb: a command line, its files, some of them damaged, and standard input."""

import contextlib
import io
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from seq2seq.cli import main
from seq2seq.plugin import registry
from seq2seq.run_setup import stored_options
from seq2seq.run_setup.option_parser import data_options
from tests.fuzz import hostile
from tests.fuzz.materials import EXPORTED, LITTLE
from tests.fuzz.mutation import CANARY, damage, with_classes
from tests.seq2seq.corpus.form_samples import SAMPLES

TEXTS = ("pairs.en", "few.en", "few.zh", "few.en.gz", "few.jsonl", "wide.txt", "texts.txt", "archive.txt.gz", "few.csv")
CORPORA = (
    *("pairs.tsv", "pairs.csv", "pairs.jsonl", "few.en.gz", "texts.jsonl", "texts.txt", "documents"),
    *("talks.jsonl", "messages.jsonl", "talks.txt", "chat.txt", "wide.txt", "few.tsv"),
)
FORMS = tuple(f"form-{form}-{name}" for form, (name, _) in SAMPLES.items())
"""A file of each form that data may have."""
MODELS = {"translate": "translator", "summarize": "summarizer", "chat": "partner", "generate": "writer"}
HUB = f"import os\nos.system('touch {CANARY}')\n"


@dataclass
class Input:
    """What a verb is given.

    Args:
        folder: The working folder.
        materials: Where valid files are.
        draw: Decides everything.

    Attributes:
        words: The command line.
        standard_input: What is piped into it.
        is_terminal: Whether the outputs go to a terminal, and standard input comes from one.
        kept: Files and folders that the command may not change.
        damages: What was done to files, for people.
    """

    folder: Path
    materials: Path
    draw: random.Random
    words: list[str] = field(default_factory=list)
    standard_input: bytes = b""
    is_terminal: bool = False
    kept: list[str] = field(default_factory=list)
    damages: list[str] = field(default_factory=list)

    def take(self, name: str, *, damaged: float = 0.6, kept: bool = True) -> str:
        """Put a valid file or folder into the working folder, and perhaps damage something in it.

        Args:
            name: Its name in the materials.
            damaged: How often.
            kept: Whether the command may not change it.
        """
        source, place = self.materials / name, self.folder / name
        if not place.exists():
            if source.is_dir():
                shutil.copytree(source, place)
            else:
                shutil.copyfile(source, place)
            if kept:
                self.kept.append(name)
            if self.draw.random() < damaged:
                self._damage(place)
        return name

    def take_model(self, name: str, damaged: float) -> str:
        """Take a model or sometimes, if there is one, the same model for ONNX Runtime."""
        is_exported = name in EXPORTED and self.draw.random() < 0.4
        return self.take(EXPORTED[name] if is_exported else name, damaged=damaged)

    def _damage(self, place: Path) -> None:
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        config = place / "config.yaml"
        if config.is_file() and self.draw.random() < 0.2:
            config.write_bytes(with_classes(config.read_bytes(), self.draw))
            self.damages.append("config.yaml: a class")
        for path in self.draw.sample(files, min(len(files), self.draw.choice((1, 1, 2)))):
            way = self.draw.random()
            if place.is_dir() and way < 0.05:
                path.unlink()
                self.damages.append(f"{path.name}: gone")
            elif place.is_dir() and way < 0.08:
                path.unlink()
                path.mkdir()
                self.damages.append(f"{path.name}: a folder")
            else:
                self.damages.append(damage(path, self.draw))

    def text(self) -> str:
        """Return the name of a file of text: a damaged one, or a made-up one."""
        if self.draw.random() < 0.5:
            return self.take(self.draw.choice(TEXTS))
        name = self.draw.choice(("made.txt", "made.jsonl", "made.tsv", "made.csv", "made.en"))
        (self.folder / name).write_bytes(hostile.content(self.draw))
        self.kept.append(name)
        return name

    def options(self, verb: str, most: int = 4, skip: tuple[str, ...] = ()) -> list[str]:
        """Return some of a verb's options, with values that may be anything."""
        known = [one for one in options_of(verb) if one[0] not in skip]
        found: list[str] = []
        count = self.draw.randint(1, most) if self.draw.random() < 0.5 else 0  # most values end a command early
        for name, value in self.draw.sample(known, min(len(known), count)):
            found += self._valued(name, value) if value else [name]
        if self.draw.random() < 0.02:
            found.insert(self.draw.randint(0, len(found)), hostile.argument(self.draw))
        return found

    def _valued(self, name: str, kind: str) -> list[str]:
        if kind in ("N", "X", "DAYS") and self.draw.random() < 0.7:
            return [f"{name}={self.draw.choice(hostile.NUMERALS)}"]
        if name.endswith("_file"):
            value = self.take("banned.txt") if self.draw.random() < 0.5 else self.text()
        elif name in ("--reverse", "--lm"):
            value = self.take(self.draw.choice(("translator", "writer", "partner")))
        elif name in ("--output", "--save", "--attention", "-o"):
            value = self.draw.choice(("out.txt", "out", "missing/out.txt", ".", "few.en", hostile.argument(self.draw)))
        else:
            value = hostile.argument(self.draw)
        value = value.replace("\x00", "")
        return [name, value] if self.draw.random() < 0.7 else [f"{name}={value}"]


@cache
def options_of(verb: str) -> list[tuple[str, str]]:
    """Return a verb's options as its help lists them, each with what its value is called; '' for none."""
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.suppress(SystemExit):
        main([verb, "--help"])
    found = re.findall(r"^  (?:-\w(?: \w+)?, )?(--\w+)( [A-Z{]\S*)?", shown.getvalue(), re.MULTILINE)
    return sorted({(name, value.strip()) for name, value in found if name != "--help"})


def make(verb: str, given: Input) -> None:
    """Fill an input for a verb."""
    BUILDERS[verb](given, verb)
    given.words = [word.replace("\x00", "") for word in given.words]
    (given.folder / "hubconf.py").write_text(HUB, encoding="utf-8")
    if given.draw.random() < 0.02:
        given.draw.shuffle(given.words)


def _apply(given: Input, verb: str) -> None:
    draw = given.draw
    model = given.take_model(draw.choice((MODELS[verb], MODELS[verb], MODELS[verb], "run", "writer")), 0.35)
    inputs = [given.text() for _ in range(draw.choice((0, 1, 1, 1, 2)))]
    if draw.random() < 0.1:
        inputs = [given.take("documents")]
    given.standard_input = hostile.content(draw)
    given.is_terminal = draw.random() < 0.3
    given.words = [verb, model, *inputs, *given.options(verb)]


def _chat(given: Input, verb: str) -> None:
    draw = given.draw
    words = [verb, given.take_model(MODELS[verb], 0.3)]
    if draw.random() < 0.5:
        words += ["--load", given.take("saved.json", kept=False)]  # /save may replace it
    if draw.random() < 0.3:
        words += ["--persona", hostile.argument(draw)]
    lines = [draw.choice((hostile.text(draw), _order(draw))) for _ in range(draw.randint(0, 6))]
    given.standard_input = "\n".join(lines).encode("utf-8", "replace") + b"\n"
    if draw.random() < 0.2:
        given.standard_input = hostile.content(draw)
    given.is_terminal = draw.random() < 0.4
    given.words = [*words, *given.options(verb, 2, ("--load", "--persona", "--prompt"))]


def _order(draw: random.Random) -> str:
    order = draw.choice(
        ("/help", "/set", "/set all", "/why", "/save", "/load", "/retry", "/undo", "/reset", "/persona")
    )
    values = ("", "saved.json", "out.json", "temperature", "beam_size", hostile.text(draw, 3), hostile.argument(draw))
    return f"{order} {draw.choice(values)} {draw.choice(('', hostile.argument(draw)))}"


def _generate(given: Input, verb: str) -> None:
    draw = given.draw
    words = [verb, given.take_model(draw.choice(("writer", "writer", "writer", "partner")), 0.35)]
    way = draw.random()
    if way < 0.4:
        words += ["--prompt_file", given.text()]
    elif way < 0.7:
        words += ["--prompt", hostile.argument(draw)]
    if draw.random() < 0.8:
        words += ["--max_tokens", draw.choice(("1", "20", "60", "-1", "1e3", "9" * 30))]
    given.standard_input = hostile.content(draw)
    given.is_terminal = draw.random() < 0.2
    given.words = [*words, *given.options(verb, 3, ("--max_tokens", "--prompt", "--prompt_file", "--interactive"))]


def _score(given: Input, verb: str) -> None:
    draw = given.draw
    model = given.take_model(draw.choice(("translator", "summarizer", "writer", "run")), 0.35)
    given.standard_input = hostile.content(draw)
    files = [draw.choice((given.text(), "-")) for _ in range(draw.choice((1, 2, 2, 3)))]
    given.words = [verb, model, *files, *given.options(verb, 1)]


def _info(given: Input, verb: str) -> None:
    model = given.take(given.draw.choice(("translator", "summarizer", "partner", "writer", "run")), damaged=0.95)
    given.is_terminal = given.draw.random() < 0.5
    given.words = [verb, model, *given.options(verb, 1)]


def _evaluate(given: Input, verb: str) -> None:
    draw = given.draw
    model = given.take_model(draw.choice(("translator", "run", "run", "writer", "partner", "summarizer")), 0.5)
    way = draw.random()
    files: list[str] = []
    if way < 0.4:
        files = ["--source", given.text(), "--target", given.text()]
    elif way < 0.8:
        files = ["--data", given.take(draw.choice(CORPORA))]
    else:
        for name in ("pairs.tsv", "few.tsv", "texts.jsonl"):
            given.take(name, damaged=0.2)
    skip: tuple[str, ...] = ("--source", "--target", "--data")
    if draw.random() < 0.8:
        files += ["--samples", draw.choice(("0", "5")), "--sentences", "5"]
        skip += ("--samples", "--sentences")
    given.is_terminal = draw.random() < 0.2
    given.kept.remove(model)  # the report goes there
    given.words = [verb, model, *files, *given.options(verb, 2, skip)]


def _compare(given: Input, verb: str) -> None:
    draw = given.draw
    words = [verb]
    for _ in range(2):
        name = draw.choice(("report-one", "report-two", ""))
        words.append(given.take(name) if name else given.text())
    if draw.random() < 0.4:
        words += ["--references", given.take("few.zh", damaged=0.3)]
    if draw.random() < 0.9:
        words += ["--samples", "20"]
    given.is_terminal = draw.random() < 0.3
    given.words = [*words, *given.options(verb, 2, ("--references", "--samples"))]


def _inspect(given: Input, verb: str) -> None:
    draw = given.draw
    files = []
    for _ in range(draw.choice((1, 1, 2, 3))):
        way = draw.random()
        files.append(given.take(draw.choice(FORMS if way < 0.6 else CORPORA)) if way < 0.8 else given.text())
    task = draw.choice(("translation", "summarization", "dialogue", "generation", ""))
    skip: tuple[str, ...] = ("--task",)
    if draw.random() < 0.2:
        files += ["--model", given.take(draw.choice(("translator", "partner", "writer")), damaged=0.2)]
        skip = ("--task", "--model")
    elif task and draw.random() < 0.5:
        files += ["--task", task]
    given.is_terminal = draw.random() < 0.3
    given.words = [verb, *files, *given.options(verb, 2, skip)]


def _report(given: Input, verb: str) -> None:
    (given.folder / "runs").mkdir()
    for name in given.draw.sample(("report-one", "report-two", "run", "writer", "small.yaml"), 2):
        given.take(name)
        shutil.move(given.folder / name, given.folder / "runs" / name)
    given.kept = []
    given.words = [verb, *given.draw.choice(([], ["runs"], ["."], ["missing"])), *given.options(verb, 2)]


def _run_verb(given: Input, verb: str) -> None:
    """Fill an input for average, export, validate, test or predict."""
    draw = given.draw
    run = given.take(draw.choice(("run", "run", "run", "writer", "translator")), damaged=0.8, kept=False)
    for name in ("pairs.tsv", "few.tsv", "texts.jsonl"):
        given.take(name, damaged=0.1)
    words = [verb, run]
    if verb == "export":
        words += [draw.choice(("out", "out", "run", "few.tsv", hostile.argument(draw)))]
    if verb in ("average", "export"):
        given.words = [*words, *given.options(verb, 2)]
        return
    for _ in range(draw.choice((0, 0, 1, 2))):
        words += _setting(given, "translation")
    given.words = words


def _fit(given: Input, verb: str) -> None:
    draw = given.draw
    if draw.random() < 0.15:
        for name in ("pairs.tsv", "few.tsv"):
            given.take(name, damaged=0.1)
        given.words = [verb, "translation", "--resume", "--run_dir", given.take("run", damaged=0.9, kept=False)]
        return
    task = draw.choice(("translation", "translation", "summarization", "dialogue", "generation", "nothing"))
    words = [verb, task, *LITTLE, "--trainer.max_steps", "3", "--run_dir", draw.choice(("new", "new", "few.tsv", "."))]
    if draw.random() < 0.9:
        train = given.take(draw.choice((*CORPORA, *FORMS))) if draw.random() < 0.7 else given.text()
        words += ["--data.train", f"[{train}]" if draw.random() < 0.5 else train]
        words += ["--data.validation", given.take(draw.choice(("few.tsv", "few.jsonl", "talks.jsonl", "texts.jsonl")))]
    if draw.random() < 0.3:
        words += ["-c", given.take("small.yaml", damaged=0.9)]
    for _ in range(draw.choice((0, 1, 1, 2, 3))):
        words += _setting(given, task)
    if draw.random() < 0.4:
        words += ["--print_config"]
    given.words = words


DANGEROUS = ("trainer.num_nodes", "trainer.strategy", "trainer.devices", "data.workers", "threads", "data.cache_dir")
"""These start processes or write elsewhere where they are valid."""
ODD_VALUES = {"model.network.encoder_layers": "64", "model.schedule.warmup_steps": "1000000000000"} | {
    "model.optimizer.learning_rate": "1e300",
    "model.validation.beam_size": "1000",
    "checkpoint.every_minutes": "1e-300",
    "model.network.hidden_size": "1000000",
    "model.network.embedding_size": "10000000",
    "trainer.max_epochs": "1000000000",
    "data.batches.max_tokens": "1" + "0" * 18,
    "data.tokenizer.vocabulary_size": "1000000000",
    "trainer.accumulate_grad_batches": "1000000000",
    "search.max_length": "1000000000",
    "data.streams.count": "1000000000",
    "data.streams.window": "1000000000",
}


def _setting(given: Input, task: str) -> list[str]:
    draw = given.draw
    if draw.random() < 0.25:
        name = draw.choice(sorted(ODD_VALUES))
        return [f"--{name}", ODD_VALUES[name]]
    name = draw.choice(settings_of(task if task in ("translation", "generation") else "translation"))
    return [f"--{name}={hostile.argument(draw)}"] if draw.random() < 0.5 else [f"--{name}", hostile.argument(draw)]


@cache
def settings_of(task: str) -> list[str]:
    """Return the names of all options of a training."""
    tree = stored_options.option_tree(data_options(registry.load(task)))
    return [name for name in stored_options._paths(tree) if name not in DANGEROUS]


def _cache(given: Input, verb: str) -> None:
    place = given.folder / "cache" / "seq2seq"
    shutil.copytree(given.materials / "cache" / "seq2seq", place)
    given._damage(place)
    given.words = [verb, *given.options(verb, 3, ("--cache_dir",))]


def _preset(given: Input, verb: str) -> None:
    given.words = [verb, *([hostile.argument(given.draw)] if given.draw.random() < 0.8 else [])]


def _unknown(given: Input, verb: str) -> None:
    word = hostile.argument(given.draw)
    given.words = [word if word not in ("fit", "chat") else "x", *(hostile.argument(given.draw) for _ in range(2))]


BUILDERS: dict[str, Callable[[Input, str], None]] = {
    **dict.fromkeys(("translate", "summarize"), _apply),
    "chat": _chat,
    "generate": _generate,
    "score": _score,
    "info": _info,
    "evaluate": _evaluate,
    "compare": _compare,
    "report": _report,
    "inspect": _inspect,
    "fit": _fit,
    "cache": _cache,
    "presets": _preset,
    "tasks": _preset,
    **dict.fromkeys(("average", "export", "validate", "test", "predict"), _run_verb),
    "unknown": _unknown,
}
WEIGHTS = {"translate": 14, "chat": 10, "generate": 10, "info": 12, "compare": 12, "score": 8, "export": 8} | {
    "inspect": 8,
    "fit": 5,
    "validate": 1.5,
    "test": 1.5,
    "predict": 1.5,
}
"""How often a verb is tried, where that is not 4 of 100; those that take long are tried less often."""


def verb_of(draw: random.Random) -> str:
    """Return a verb."""
    names = list(BUILDERS)
    return draw.choices(names, [WEIGHTS.get(name, 4) for name in names])[0]
