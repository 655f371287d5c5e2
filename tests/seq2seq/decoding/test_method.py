"""Decoding methods: combinations that are refused, and their descriptions."""

import pytest

from seq2seq.decoding.method import SAMPLED_CANDIDATES, Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import UserError
from seq2seq.files.typed_values import Fields

BEAM = SearchOptions(beam_size=6, groups=3, diversity=0.4)


def test_the_number_of_candidates() -> None:
    assert Decoding(BEAM, count=4).candidates == 4
    assert Decoding(BEAM, rerank=RerankOptions()).candidates == 6
    assert Decoding(BEAM, rerank=RerankOptions(candidates=4)).candidates == 4
    assert Decoding(BEAM, SamplingOptions(), RerankOptions(), count=7).candidates == SAMPLED_CANDIDATES
    assert Decoding(BEAM, SamplingOptions(), RerankOptions(candidates=9)).candidates == 9
    assert Decoding(BEAM, SamplingOptions(), count=9).candidates == 9


def test_the_description() -> None:
    assert Decoding(SearchOptions(beam_size=1)).method() == "greedy search"
    assert Decoding(SearchOptions(beam_size=5)).method() == "beam search, 5 beams"
    assert Decoding(BEAM).method() == "beam search, 6 beams in 3 groups, diversity 0.4"
    drawing = SamplingOptions(temperature=0.7, min_p=0.05, seed=3)
    assert Decoding(BEAM, drawing).method() == "drawn at random (temperature 0.7, min_p 0.05, seed 3)"
    ranked = Decoding(BEAM, SamplingOptions(), RerankOptions(length_bonus=0.1))
    assert ranked.method() == (
        "the best of 20 candidates by reverse_weight 0.5, length_bonus 0.1; drawn at random (seed 1)"
    )


def test_the_recipe_holds_all_options() -> None:
    recipe = Decoding(BEAM, SamplingOptions(seed=3), RerankOptions()).recipe()
    assert Fields(recipe["search"], "options").build(SearchOptions) == BEAM
    assert Fields(recipe["sampling"], "options").build(SamplingOptions) == SamplingOptions(seed=3)
    assert Fields(recipe["rerank"], "options").build(RerankOptions) == RerankOptions(SAMPLED_CANDIDATES)
    assert Decoding(BEAM).recipe()["sampling"] is None


def test_fewer_than_wanted_are_refused() -> None:
    with pytest.raises(UserError, match="count is 0, but it must be at least 1"):
        Decoding(BEAM, count=0)
    with pytest.raises(UserError, match="7 outputs are wanted for each source, but a search with beam_size 6 finds at"):
        Decoding(BEAM, count=7)
    with pytest.raises(UserError, match="7 candidates are wanted for each source, but a search with beam_size 6 finds"):
        Decoding(BEAM, rerank=RerankOptions(candidates=7))
    with pytest.raises(UserError, match="5 outputs are wanted for each source, but they are chosen from 4 candidates"):
        Decoding(BEAM, SamplingOptions(), RerankOptions(candidates=4), count=5)


def test_required_words_need_several_beams_and_a_source() -> None:
    glossary, message = Glossary({"a": "b"}), "need a search with several beams: set beam_size to 2 or more, and do not"
    assert Decoding(BEAM, glossary=glossary).requires_terms
    with pytest.raises(UserError, match=message):
        Decoding(SearchOptions(beam_size=1), glossary=glossary)
    with pytest.raises(UserError, match=message):
        Decoding(SearchOptions(required=("a",)), SamplingOptions())
    with pytest.raises(UserError, match="A glossary is for models that read a source, but this is a language model"):
        Decoding(WritingOptions(), glossary=glossary)


def test_a_glossary_is_described_and_recorded() -> None:
    glossary = Glossary({"a": "b", "c": "d"})
    assert Decoding(BEAM, glossary=glossary).method().endswith("diversity 0.4, a glossary of 2 terms")
    assert Decoding(BEAM, glossary=glossary).recipe()["glossary"] == {"terms": 2, "digest": glossary.digest()}
    assert "glossary" not in Decoding(BEAM).recipe()
