"""The data of a language model: tokens instead of pairs, losses per character, nothing to predict."""

import math
from pathlib import Path

import pytest

from seq2seq.batching.options import StreamOptions
from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.data_options import TextDataOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.training.text_data import TextData
from tests.seq2seq.trained import here

__all__ = ["here"]

TEXT = "Anna went to the river.\n\nIt was cold.\n" * 9


def text_data(folder: Path, streams: StreamOptions = StreamOptions()) -> TextData:
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    files = [str(folder / "text.txt")]
    reader, tokenizer = registry.load("generation").reader(), TokenizerOptions(model="char")
    return TextData(TextDataOptions("generation", reader, files, files, tokenizer=tokenizer, streams=streams))


def test_a_batch_is_limited_by_its_streams_and_then_by_its_windows(here: Path) -> None:
    assert text_data(here, StreamOptions(8)).batch_limit == ("data.streams.count", 8)
    assert text_data(here, StreamOptions(1, 50)).batch_limit == ("data.streams.window", 50)


def test_its_size_is_in_tokens_and_its_loss_in_bits_per_character(here: Path) -> None:
    data = text_data(here)
    data.prepare_data()
    data.setup("fit")
    assert data.size("train") == data.stores["train"].target_lengths.sum() >= len(TEXT) - 1
    assert data.lengths is None
    (bits,) = data.measured("validation", math.log(2) * data.characters["validation"], {}).values()
    assert bits == pytest.approx(1)
    assert data.characters["validation"] in (len(TEXT), len(TEXT) - 1)
    with pytest.raises(UserError, match="Running text has no outputs to predict: type seq2seq generate RUN --prompt"):
        data.predict_dataloader()
