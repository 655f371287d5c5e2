"""A toy corpus, its tokenizers and a model of it, and a way to type input: shared by the tests of the core."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example
from seq2seq.corpus.options import FilterOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from tests.seq2seq import toy_models, toy_task

ENGLISH = "the a big small red old dog cat bird eats sees buys three two books in Beijing today"
CHINESE = "这 那 大 小 红 老 狗 猫 鸟 吃 看见 买了 三本 两本 书 在 北京 今天"


def _toy_examples(count: int) -> list[Example]:
    draw = random.Random(0)
    english, chinese = ENGLISH.split(), CHINESE.split()
    examples = []
    for number in range(count):
        words = [draw.randrange(len(english)) for _ in range(draw.randint(1, 15))]
        source = " ".join(english[word] for word in words)
        examples.append(Example(source, "".join(chinese[word] for word in words) + "。", (), f"toy:{number + 1}"))
    return examples


@pytest.fixture(scope="session")
def toy_examples() -> list[Example]:
    """300 pairs of words that translate one by one."""
    return _toy_examples(300)


@pytest.fixture(scope="session", params=["bpe", "unigram"])
def either_tokenizers(request: pytest.FixtureRequest, toy_examples: list[Example]) -> Tokenizers:
    """Joint tokenizers of the toy corpus, of either kind."""
    return train(toy_examples, TokenizerOptions(vocabulary_size=340, model=request.param))


@pytest.fixture(scope="session")
def toy_tokenizers(toy_examples: list[Example]) -> Tokenizers:
    """Joint BPE tokenizers of the toy corpus."""
    return train(toy_examples, TokenizerOptions(vocabulary_size=340))


@pytest.fixture(scope="session")
def toy_store(
    toy_examples: list[Example], toy_tokenizers: Tokenizers, tmp_path_factory: pytest.TempPathFactory
) -> TokenStore:
    """The toy corpus as a store."""
    folder: Path = tmp_path_factory.mktemp("toy") / "store"
    return TokenStore.build(toy_examples, toy_tokenizers, folder, fingerprint="toy", filters=FilterOptions())


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A bundle of the toy task with random weights; ``en`` to ``zh``."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | str], None]:
    """Put text on standard input."""

    def put(text: bytes | str) -> None:
        raw = text if isinstance(text, bytes) else text.encode("utf-8")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))

    return put
