"""Valid files of every kind, made once: corpora, models, runs, reports, options, conversations."""

import gzip
import json
import random
import zipfile
from pathlib import Path

from seq2seq.cli import main
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import shortlist_of
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.training import train
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_summarization.reader import SummaryReader
from tests.seq2seq import toy_models
from tests.seq2seq.conftest import CHINESE, ENGLISH
from tests.seq2seq.corpus.form_samples import SAMPLES

LITTLE = [
    *("--model.network.embedding_size", "12", "--model.network.hidden_size", "16", "--threads", "1"),
    *("--trainer.max_epochs", "1", "--trainer.enable_progress_bar", "false", "--data.tokenizer.vocabulary_size", "340"),
]
"""Options of the smallest training."""
SHORT = SearchOptions(beam_size=2, max_length=12)
EXPORTED = {name: f"{name}-for-onnx" for name in ("translator", "summarizer", "partner", "writer")}
"""The models that are also exported for ONNX Runtime, and the folders of these."""


def make(folder: Path) -> None:
    """Write all of them into a folder that is the working folder, with a cache of its own."""
    draw = random.Random(7)
    pairs = [_pair(draw) for _ in range(120)]
    _corpora(folder, pairs)
    _conversations(folder, draw)
    tokenizers = train([Example(*pair) for pair in pairs], TokenizerOptions(vocabulary_size=340))
    tasks = {
        "translator": ("translation", Reader(source_language="en", target_language="zh"), toy_models.NETWORK),
        "summarizer": ("summarization", SummaryReader(), NetworkOptions(12, 16, copying=True, coverage=True)),
        "partner": ("dialogue", DialogueReader(target_language="en"), toy_models.NETWORK),
    }
    for name, (task, reader, shape) in tasks.items():
        made = bundle.network_for(shape, tokenizers).eval()
        bundle.save(folder / name, made, BundleConfig(task, shape, reader, SHORT, toy_models.FACTS), tokenizers)
    named = {"train": "pairs.tsv", "validation": "few.tsv", "test": "few.tsv"}
    _run("translation", "run", *(word for split, name in named.items() for word in (f"--data.{split}", f"[{name}]")))
    _run("generation", "writer", "--data.train", "[texts.jsonl]", "--data.validation", "[texts.jsonl]")
    short = shortlist_of([Example(*pair) for pair in pairs], tokenizers, each=3, frequent=60)
    for name, exported in EXPORTED.items():
        table = short if name == "translator" else None
        write_onnx(folder / exported, bundle.load(folder / name), "float32", (), table)
    for name, seed in (("one", "1"), ("two", "2")):
        options = ["--source", "few.en", "--target", "few.zh", "--samples", "20", "--output", f"report-{name}"]
        assert main(["evaluate", "translator", *options, "--seed", seed]) == 0


def _pair(draw: random.Random) -> tuple[str, str]:
    english, chinese = ENGLISH.split(), CHINESE.split()
    words = [draw.randrange(len(english)) for _ in range(draw.randint(1, 12))]
    return " ".join(english[word] for word in words), "".join(chinese[word] for word in words) + "。"


def _corpora(folder: Path, pairs: list[tuple[str, str]]) -> None:
    for name, chosen in (("pairs", pairs), ("few", pairs[:12])):
        for side, language in enumerate(("en", "zh")):
            text = "".join(pair[side] + "\n" for pair in chosen)
            (folder / f"{name}.{language}").write_text(text, encoding="utf-8")
            (folder / f"{name}.{language}.gz").write_bytes(gzip.compress(text.encode()))
        table = "source\ttarget\n" + "".join("\t".join(pair) + "\n" for pair in chosen)
        (folder / f"{name}.tsv").write_text(table, encoding="utf-8")
        (folder / f"{name}.csv").write_text(table.replace("\t", ","), encoding="utf-8")
        objects = [{"source": one, "target": two, "references": [two, one], "id": one} for one, two in chosen]
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "wide.txt").write_text("".join(one + "\n" for one, _ in pairs[:12]), encoding="utf-16")
    texts = "".join(json.dumps({"text": f"{one}\n{two}"}, ensure_ascii=False) + "\n" for one, two in pairs)
    (folder / "texts.jsonl").write_text(texts, encoding="utf-8")
    (folder / "texts.txt").write_text("\n".join(one for one, _ in pairs), encoding="utf-8")
    (folder / "banned.txt").write_text("cat\n大狗\ntwo books\n", encoding="utf-8")
    (folder / "documents").mkdir()
    for number, (one, two) in enumerate(pairs[:3]):
        (folder / "documents" / f"{number}.txt").write_text(f"{one}.\n{two}\n{one}", encoding="utf-8")
    options = (
        "# A small network.\nmodel:\n  network:\n    hidden_size: 16\n    dropout: 0.1\ntrainer:\n  max_epochs: 1\n"
    )
    (folder / "small.yaml").write_text(options, encoding="utf-8")
    with zipfile.ZipFile(folder / "archive.txt.gz", "w") as archive:
        archive.writestr("a.txt", "no gzip")


def _conversations(folder: Path, draw: random.Random) -> None:
    talks = [[_pair(draw)[0] for _ in range(draw.randint(2, 6))] for _ in range(40)]
    forms = {
        "talks.jsonl": "".join(json.dumps({"turns": one}) + "\n" for one in talks),
        "messages.jsonl": "".join(
            json.dumps(
                {"messages": [{"role": ("user", "assistant")[n % 2], "content": one} for n, one in enumerate(talk)]}
            )
            + "\n"
            for talk in talks
        ),
        "talks.txt": "\n\n".join("\n".join(one) for one in talks),
        "chat.txt": "\n".join(f"{('Anna', 'Ben')[n % 2]}: {one}" for talk in talks for n, one in enumerate(talk)),
    }
    forms |= {f"form-{form}-{name}": text for form, (name, text) in SAMPLES.items()}
    for name, text in forms.items():
        (folder / name).write_text(text, encoding="utf-8")
    turns = [{"by": "user", "text": "the cat"}, {"by": "model", "text": "two books", "draw": 0}]
    saved = {"format": "seq2seq conversation", "version": 1, "persona": ["I like books"], "turns": turns * 2}
    (folder / "saved.json").write_text(json.dumps(saved), encoding="utf-8")


def _run(task: str, folder: str, *options: str) -> None:
    assert main(["fit", task, "--run_dir", folder, *LITTLE, *options]) == 0
