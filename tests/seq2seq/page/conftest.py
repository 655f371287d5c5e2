"""Exported models with random weights, and a server of them."""

import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seq2seq.commands.export import main as export
from seq2seq.decoding.options import SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.options import NetworkOptions
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_generation.reader import TextReader
from seq2seq_summarization.reader import SummaryReader
from tests.recorded import models
from tests.webdriver import Browser, browser

NAMES = ("translator", "backward", "summarizer", "hasty", "partner", "author")
ENDLESS = ("talker", "teller")
"""Models that do not end their replies and texts before they must, and take seconds for them."""
MOST_PIECES = 2000
HASTY_PIECES = 12
"""Pieces that the summarizer `hasty` reads."""


@dataclass(frozen=True)
class Serving:
    """A server in a process of its own.

    Args:
        address: Its address, with a slash at its end.
        process: The process.
    """

    address: str
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models for ONNX Runtime, all in float32."""
    folder = tmp_path_factory.mktemp("served")
    models.write(folder / "torch")
    tokenizers = models.trained()
    options = NetworkOptions(embedding_size=16, hidden_size=24, copying=True)
    hasty = BundleConfig("summarization", options, SummaryReader(max_source_pieces=HASTY_PIECES), models.SEARCH)
    bundle.save(folder / "torch" / "hasty", models.drawn(options, tokenizers, 11, end_bias=1), hasty, tokenizers)
    search = SearchOptions(beam_size=1, max_length=MOST_PIECES)
    slow = NetworkOptions(embedding_size=16, hidden_size=512)
    talker = BundleConfig("dialogue", slow, DialogueReader(), search)
    teller = BundleConfig("generation", replace(slow, **models.UNREAD), TextReader(), search)
    for name, config in (("talker", talker), ("teller", teller)):
        network = models.drawn(config.network, tokenizers, 12, end_bias=-50)
        bundle.save(folder / "torch" / name, network, config, tokenizers)
    for name in (*NAMES, *ENDLESS):
        words = [str(folder / "torch" / name), str(folder / name), "--format", "onnx", "--precision", "float32"]
        assert export(words) == 0
    return folder


@contextmanager
def serving(folder: Path, *options: str, names: Sequence[str] = NAMES) -> Iterator[Serving]:
    """Serve models at a free port."""
    command = [
        sys.executable,
        "-m",
        "seq2seq",
        "serve",
        *(str(folder / name) for name in names),
        "--port",
        "0",
        "--no_access_log",
    ]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = next(match[0] for line in process.stdout if (match := re.search(r"http://[\w.:]+", line)))
        yield Serving(f"{address}/", process)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def site(exported: Path) -> Iterator[Serving]:
    """A server of all models."""
    with serving(exported) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared() -> Iterator[Browser]:
    with browser() as opened:
        opened.resize(1000, 1000)
        yield opened


@pytest.fixture
def page(shared: Browser, site: Serving) -> Iterator[Browser]:
    """A browser that stores nothing of the site, and that must not have complained at the end."""
    shared.open("about:blank")
    shared.devtools("Storage.clearDataForOrigin", origin=site.address.rstrip("/"), storageTypes="all")
    yield shared
    assert shared.log() == []
