"""The sums of a validation, and the order of its outputs."""

import math
from dataclasses import replace

import pytest
import torch
from lightning.pytorch import Trainer

from seq2seq.batching.options import BatchOptions
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions, of_sources
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.run_setup.training_options import ValidationOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.training.loss import LossSum
from seq2seq.training.pair_data import Seq2SeqData
from seq2seq.training.validation import LONGEST, ValidationSums, bounded, decode
from tests.seq2seq.reversing import Reversing
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.fixture
def data(here: object) -> Seq2SeqData:
    made = Seq2SeqData(
        DataOptions("reversing", tokenizer=TokenizerOptions(vocabulary_size=280), batches=BatchOptions(max_tokens=100))
    )
    made.prepare_data()
    made.setup("fit")
    made.trainer = Trainer(accelerator="cpu", logger=False, enable_progress_bar=False)
    return made


def test_losses_are_means_over_tokens(data: Seq2SeqData) -> None:
    sums = ValidationSums()
    sums.add(LossSum(torch.tensor(99.0), torch.tensor(6.0), 2))
    sums.add(LossSum(torch.tensor(99.0), torch.tensor(2.0), 6))
    scores = sums.gathered().scores(data, "validation", "val_")
    assert scores == {"val_loss": 1.0, "val_perplexity": pytest.approx(math.e)}


def test_outputs_are_scored_against_their_own_references(data: Seq2SeqData) -> None:
    right = [str(one.target) for one in Reversing().sample(Reader()).validation]
    sums = ValidationSums(outputs={number: right[number] for number in reversed(range(30))})
    assert sums.scores(data, "validation", "")["bleu"] == pytest.approx(100.0)
    wrong = ValidationSums(outputs={number: right[29 - number] for number in range(30)})
    assert wrong.scores(data, "validation", "")["bleu"] < 50


def test_only_the_first_sentences_are_decoded(data: Seq2SeqData) -> None:
    tokenizer = data.tokenizers.target
    size, padding = tokenizer.vocabulary_size, tokenizer.padding
    network = Network(NetworkOptions(embedding_size=8, hidden_size=8), size, size, padding, padding).eval()
    every: dict[int, str] = {}
    some: dict[int, str] = {}
    for batch in data.val_dataloader():
        every |= decode(network, batch, data, ValidationOptions(beam_size=2), of_sources(data.search))
        some |= decode(network, batch, data, ValidationOptions(beam_size=2, sentences=7), of_sources(data.search))
    assert sorted(every) == list(range(30))
    assert some == {number: every[number] for number in range(7)}


def test_what_the_task_forbids_is_forbidden_in_a_validation(data: Seq2SeqData, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = data.tokenizers.target
    size, padding = tokenizer.vocabulary_size, tokenizer.padding
    network = Network(NetworkOptions(embedding_size=8, hidden_size=8), size, size, padding, padding).eval()
    wanted = tokenizer.ids_by_piece["\u2581abc"]
    with torch.no_grad():
        network.output.bias[wanted] = 50
    search = SearchOptions(beam_size=4, groups=2, max_length=3)
    seen = set()
    for options in (replace(search, no_repeat_source_ngram=1), replace(search, banned=("ABC",))):
        monkeypatch.setattr(data, "search", options)
        for batch in data.val_dataloader():
            for number, text in decode(
                network, batch, data, ValidationOptions(beam_size=1), of_sources(data.search)
            ).items():
                place = batch.indices.tolist().index(number)
                is_forbidden = bool(options.banned) or wanted in batch.source[place].tolist()
                assert ("abc" in text.split()) != is_forbidden
                seen.add(is_forbidden)
    assert seen == {True, False}


def test_outputs_of_a_validation_have_an_end() -> None:
    """Whatever the trained model may write later: a young network fills all that is allowed."""
    for given in (SearchOptions(max_length=10**9), SearchOptions(max_length_extra=10**9, min_length=5000)):
        found = bounded(given, 10)
        assert (found.max_length, found.min_length) == (LONGEST, min(given.min_length, LONGEST))
    assert bounded(SearchOptions(), 10) == SearchOptions()
    assert bounded(SearchOptions(max_length=7), 10**6).max_length == 7
