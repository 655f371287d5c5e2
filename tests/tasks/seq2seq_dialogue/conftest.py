"""Fixtures for the tests of this plugin: the installed task, and conversations with their tokenizers."""

import json
import random
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq_dialogue.reader import DialogueReader

WORDS = "hello there how are you fine thanks and today what about tea coffee 你好 很好 谢谢 再见".split()


def toy_conversations(count: int, seed: int = 0) -> list[dict[str, list[str]]]:
    """Return conversations of two to eight turns of random words."""
    draw = random.Random(seed)
    return [
        {"turns": [" ".join(draw.choices(WORDS, k=draw.randint(1, 7))) for _ in range(draw.randint(2, 8))]}
        for _ in range(count)
    ]


def written(path: Path, count: int, seed: int = 0) -> Path:
    """Write conversations as JSONL."""
    path.write_text("".join(json.dumps(one) + "\n" for one in toy_conversations(count, seed)), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def toy_examples(tmp_path_factory: pytest.TempPathFactory) -> list[Example]:
    """The examples of sixty conversations."""
    return list(DialogueReader().read([written(tmp_path_factory.mktemp("toy") / "train.jsonl", 60)]))


@pytest.fixture(scope="session")
def toy_tokenizers(toy_examples: list[Example]) -> Tokenizers:
    """Joint BPE tokenizers of these conversations."""
    return train(toy_examples, TokenizerOptions(vocabulary_size=320))
