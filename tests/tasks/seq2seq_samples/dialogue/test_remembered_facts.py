"""Counting the remembered facts that are right in replies."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import plain
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.report_blocks import Prediction, Table
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue import Dialogue
from seq2seq_samples.dialogue.grammar import Fact
from seq2seq_samples.dialogue.histories import HISTORIES, Reply, replies
from seq2seq_samples.dialogue.remembered_facts import TITLE, is_right, measured, remembered, sections
from seq2seq_samples.dialogue.sample import conversations, sample
from tests.chinese_words import english_of
from tests.seq2seq import toy_models
from tests.seq2seq.conftest import toy_examples, toy_tokenizers
from tests.seq2seq.decoded import source_model
from tests.tasks.seq2seq_samples.dialogue.readers import READER

__all__ = ["toy_examples", "toy_tokenizers"]


@pytest.fixture(scope="module")
def targets() -> list[Reply]:
    return replies(conversations("test"))


def predictions(split: str = "test") -> list[Prediction]:
    return [
        Prediction(
            number,
            plain(example.source),
            plain(example.target),
            (plain(example.target),),
            *(0, 0, 0, 1, 1),
            place=example.place,
        )
        for number, example in enumerate(sample(READER)[split])
    ]


def test_true_replies_remember_everything(targets: list[Reply]) -> None:
    count = remembered((reply, reply.turn.text) for reply in targets)
    total = sum(len(reply.turn.far_facts) for reply in targets)
    assert (count.right, count.total, count.percent) == (total, total, 100)
    for start in ("language", "topic", "pattern", "said"):
        assert sum(of for name, (_, of) in count.groups.items() if name.startswith(start)) == total
    assert {name for name in count.groups if name.startswith("language")} == {"language: Chinese", "language: English"}


def test_nothing_said_is_nothing_right(targets: list[Reply]) -> None:
    count = remembered((reply, "") for reply in targets)
    assert (count.right, count.percent) == (0, 0)
    assert remembered([]).percent == 0


def with_rival(targets: list[Reply]) -> tuple[Fact, Reply, str]:
    """Return a fact, its reply, and another value of the same kind that is not in the reply."""
    return next(
        (fact, reply, value.text)
        for reply in targets
        for fact in reply.turn.far_facts
        for value in reply.conversation.values
        if value.kind == fact.value.kind and value.text not in reply.turn.text
    )


def test_a_rival_is_wrong_in_its_place_and_beside_it(targets: list[Reply]) -> None:
    fact, reply, rival = with_rival(targets)
    text = reply.turn.text
    assert is_right(fact, reply, text)
    assert not is_right(fact, reply, text.replace(fact.value.text, rival))
    assert not is_right(fact, reply, f"{text} Or {rival}?")
    assert not is_right(fact, reply, text.replace(fact.value.text, f"{fact.value.text}s" if text.isascii() else ""))


def test_the_section_counts_outputs_of_the_sample_corpus(targets: list[Reply]) -> None:
    every = predictions()
    (section,) = sections(every)
    assert section.title == TITLE
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    total = sum(len(reply.turn.far_facts) for reply in targets)
    assert table.rows[-1] == ["all", total, total, 100]
    (half,) = sections(
        [replace(prediction, hypothesis="") if prediction.index % 2 else prediction for prediction in every]
    )
    (table,) = (block for block in half.blocks if isinstance(block, Table))
    name, right, of, share = table.rows[-1]
    assert (name, of) == ("all", total)
    assert isinstance(right, int)
    assert 0 < right < total
    assert share == pytest.approx(100 * right / total)
    assert sections(predictions("validation"))


def test_other_data_count_for_nothing() -> None:
    every = predictions()
    assert sections([replace(prediction, place="talk.txt:1") for prediction in every]) == []
    assert (
        sections([replace(prediction, place=prediction.place.replace("test", "train")) for prediction in every]) == []
    )
    assert sections([replace(prediction, place=f"sample test:{len(every)}") for prediction in every]) == []
    assert sections([replace(prediction, references=("Another text.",)) for prediction in every]) == []
    assert sections([replace(prediction, source="Another text.") for prediction in every]) == []


def test_a_model_is_asked_with_every_history(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    config = BundleConfig("dialogue", toy_models.NETWORK, READER, Dialogue.decoding.search, toy_models.FACTS)
    bundle.save(tmp_path / "model", toy_models.network(toy_tokenizers), config, toy_tokenizers)
    talks = [talk for talk in conversations("test") if talk.pattern == "parcel"]
    counts = measured(source_model(tmp_path / "model"), talks)
    assert list(counts) == list(HISTORIES)
    total = sum(len(talk.far_facts) for talk in talks)
    assert all(count.total == total for count in counts.values())
    assert counts["true"].percent < 50, "its weights are random"


def test_no_english_is_left_in_chinese() -> None:
    assert english_of(sections(predictions()), phrases(Dialogue(), "zh")) == {}
