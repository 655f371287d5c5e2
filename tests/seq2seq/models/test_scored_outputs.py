"""Log probabilities and attention of given targets."""

from pathlib import Path

import numpy as np
import pytest

from seq2seq.decoding.options import SearchOptions
from seq2seq.errors import UserError
from seq2seq.models.source_model import SourceModel
from tests.seq2seq.decoded import sampled, searched, source_model

TEXTS = ["the old dog sees two books", "", "a cat", "three big red birds in Beijing today eat", "a cat", "   ", "dog"]


@pytest.fixture
def loaded(model: Path) -> SourceModel:
    """A model with random weights."""
    return source_model(model)


def test_an_output_s_attention_is_found_afterwards(loaded: SourceModel) -> None:
    expected = [outputs[0] for outputs in searched(loaded, TEXTS, attention=True)]
    plain = [outputs[0] for outputs in searched(loaded, TEXTS)]
    found = loaded.aligned(TEXTS, plain)
    assert found == plain
    for one, other in zip(found, expected, strict=True):
        assert (one.attention is None) == (not one.pieces)
        if one.attention is not None and other.attention is not None:
            np.testing.assert_allclose(one.attention, other.attention, atol=1e-5, rtol=0)
    # This also works for sampled outputs.
    drawn = [outputs[0] for outputs in sampled(loaded, ["a cat", "dog"], search=SearchOptions(max_length=6))]
    for one in loaded.aligned(["a cat", "dog"], drawn):
        assert one.attention is not None
        assert one.attention.shape == (len(one.pieces), len(one.source_pieces))
    assert loaded.aligned([], []) == []


def test_candidates_score_as_pairs(loaded: SourceModel) -> None:
    sources, candidates = ["a cat", "", "the old dog"], [["猫", "狗。", ""], [], ["那老狗", "三本"]]
    found = loaded.score_candidates(sources, candidates)
    assert [len(one) for one in found] == [3, 0, 2]
    for source, texts, scores in zip(sources, candidates, found, strict=True):
        for text, score in zip(texts, scores, strict=True):
            (alone,) = loaded.score([source], [text])
            assert score.log_probability == pytest.approx(alone.log_probability, abs=1e-4)
            assert score.end_log_probability == pytest.approx(alone.end_log_probability, abs=1e-4)
            assert alone.log_probability <= alone.end_log_probability < 0
            assert (score.tokens, score.characters) == (alone.tokens, len(text))
    assert loaded.score([""], [""])[0].log_probability == loaded.score([""], [""])[0].end_log_probability
    assert loaded.score_candidates([], []) == []


def test_refusals(loaded: SourceModel) -> None:
    with pytest.raises(
        UserError, match="Candidates are lists of texts, one list for each source, but a text was given"
    ):
        loaded.score_candidates(["a cat"], ["a"])
    with pytest.raises(UserError, match="There are 1 sources, but 2 lists of candidates: give one for each"):
        loaded.score_candidates(["a cat"], [["a"], ["b"]])
    with pytest.raises(UserError, match="1 text came with 0 outputs: give one for each"):
        loaded.aligned(["a cat"], [])
