"""A translator that starts quickly, and sources of every kind."""

import argparse
import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from seq2seq.batch_jobs.command import load_worker
from seq2seq.batch_jobs.shard_worker import ShardWorker
from seq2seq.command_line import lines
from seq2seq.commands.transduce import parser
from tests.recorded.models import MODELS, SEARCH, drawn, trained
from tests.seq2seq.text_files import write_parquet

CHUNK = 5
TEXTS = ("the big dog eats", "", "a cat sees three books", "大狗吃书", "in Beijing today", "the the the old bird", "x")


@pytest.fixture(scope="session")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translator for ONNX Runtime in 8-bit integers, whose outputs depend on the batch."""
    from seq2seq.deployment.onnx_folder import write_onnx
    from seq2seq.models import bundle
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.network.options import NetworkOptions

    folder = tmp_path_factory.mktemp("translator")
    task, reader, shape, others = MODELS["translator"]
    options, tokenizers = NetworkOptions(embedding_size=16, hidden_size=24, **shape), trained()
    config = BundleConfig(task, options, reader, SEARCH, **others)
    bundle.save(folder / "torch", drawn(options, tokenizers, 0, 1), config, tokenizers)
    write_onnx(folder / "onnx", bundle.load(folder / "torch"), "int8", ())
    return folder / "onnx"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of a few sources, so that small files have several shards."""
    monkeypatch.setattr(lines, "CHUNK_LINES", CHUNK)


def parsed(*words: str) -> argparse.Namespace:
    """Return arguments of ``translate``."""
    options = parser("translate").parse_intermixed_args(list(words))
    options.verb = "translate"
    return options


def worker(*words: str) -> ShardWorker:
    """Return a worker in this process."""
    return load_worker(parsed(*words))


def sources(count: int) -> list[str]:
    """Return lines, of which some are empty."""
    return [f"{TEXTS[number % len(TEXTS)]} {number}" if number % 9 else "" for number in range(count)]


def write_inputs(folder: Path) -> Path:
    """Write a folder with a file of each kind."""
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("\n".join(sources(23)), encoding="utf-8")
    (folder / "sub" / "b.txt.gz").write_bytes(gzip.compress(("\n".join(sources(7)) + "\n").encode()))
    (folder / "c.jsonl").write_text(objects(sources(12)), encoding="utf-8")
    (folder / "_SUCCESS").write_text("", encoding="utf-8")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    write_parquet(folder / "d.parquet", {"id": list(range(11)), "source": sources(11)})
    return folder


def objects(texts: Sequence[str]) -> str:
    """Return JSONL with an id for each source."""
    rows = ({"id": f"n{number}", "source": text} for number, text in enumerate(texts))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
