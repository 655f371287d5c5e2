"""Conversations for tests of the dialogue plugin, and untrained models."""

import random
from dataclasses import replace
from pathlib import Path

from seq2seq.corpus.example import Example
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue import Dialogue
from seq2seq_dialogue.reader import DialogueReader
from tests.seq2seq import toy_models
from tests.seq2seq.conftest import CHINESE, ENGLISH


def conversations(count: int, *, turns: int = 5, language: str = "en") -> list[list[str]]:
    """Return conversations of random words of the toy corpus, the same at every call."""
    draw = random.Random(1)
    vocabulary, blank = (CHINESE.split(), "") if language == "zh" else (ENGLISH.split(), " ")
    return [[blank.join(draw.choices(vocabulary, k=draw.randint(1, 8))) for _ in range(turns)] for _ in range(count)]


def examples(talks: list[list[str]], reader: DialogueReader | None = None) -> list[Example]:
    """Return the examples of conversations."""
    used = reader or DialogueReader()
    return [one for number, turns in enumerate(talks, 1) for one in used.examples({"turns": turns}, f"talks:{number}")]


def prediction(index: int, hypothesis: str, reference: str, place: str = "") -> Prediction:
    """Return a prediction for an example."""
    return Prediction(
        index=index,
        source="",
        hypothesis=hypothesis,
        references=(reference,),
        score=-1.0,
        log_probability=-5.0,
        reference_log_probability=-6.0,
        reference_tokens=4,
        reference_characters=len(reference),
        place=place,
        reference_end_log_probability=-1.5,
    )


def model(folder: Path, tokenizers: Tokenizers, reader: DialogueReader | None = None) -> Path:
    """Write a partner with random weights."""
    used = reader or DialogueReader(target_language="en")
    search = replace(Dialogue.decoding.search, max_length=12)
    config = BundleConfig("dialogue", toy_models.NETWORK, used, search, toy_models.FACTS)
    bundle.save(folder, toy_models.network(tokenizers), config, tokenizers)
    return folder
