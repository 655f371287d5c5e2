"""An evaluation on sources with references, checked against the model itself."""

import math
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example, Mark
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.evaluation.evaluate import evaluate
from seq2seq.evaluation.pairs import Pairs
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.sacrebleu_metrics import Bleu, ChrF
from seq2seq.network.options import NetworkOptions
from seq2seq.plugin.report_blocks import EQUAL, PERPLEXITY
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import sampled, searched, source_model


def test_every_number_agrees_with_the_model_asked_directly(model: Path, toy_examples: list[Example]) -> None:
    loaded = source_model(model)
    examples = (*toy_examples[:20], Example("", "空", (), "x:1"), Example("a dog", "狗", ("狗", "一只狗"), "x:2"))
    seen: list[int] = []
    steps: list[tuple[int, int]] = []
    tested = TestSet("test", "toy data", examples, ({"name": "toy", "sha256": "00"},), "a note")
    report = evaluate(
        loaded,
        Pairs(
            tested,
            samples=50,
            progress=seen.append,
            watch=lambda written, most: steps.append((written, most)),
        ),
        seed=3,
        shown=2,
        command="typed",
    )
    assert seen[-1] == len(examples)
    assert steps
    assert all(0 < written <= most for written, most in steps)

    expected = [outputs[0] for outputs in searched(loaded, list(examples))]
    assert [prediction.hypothesis for prediction in report.predictions] == [output.text for output in expected]
    assert report.predictions[-1].references == ("狗", "一只狗")
    references = [list(prediction.references) for prediction in report.predictions]
    texts = [output.text for output in expected]
    assert report.scores[0].value == pytest.approx(Bleu("13a").score(texts, references))
    assert report.scores[0].signature.endswith("|bs:50|seed:3")
    assert [prediction.chrf for prediction in report.predictions] == pytest.approx(ChrF().sentences(texts, references))
    pairs = loaded.score(examples, examples)
    assert report.likelihood.nats == pytest.approx(-sum(pair.log_probability for pair in pairs), abs=1e-3)
    assert report.likelihood.tokens == sum(pair.tokens for pair in pairs)
    (_, nats, bits, perplexity), _ = report.likelihood.rows()
    assert bits == pytest.approx(nats / math.log(2))
    assert perplexity == pytest.approx(math.exp(nats))
    assert report.outputs.empty >= 1  # the empty source
    assert sum(bucket.sentences for bucket in report.buckets) == len(examples)
    assert seen[-1] == len(examples)
    assert report.notes == ("a note",)

    shown = [*report.worst, *report.typical, *report.best]
    assert len(set(shown)) == 6
    for number in shown:
        prediction = report.predictions[number]
        assert len(prediction.attention) == len(prediction.pieces)
        for row in prediction.attention:
            assert len(row) == len(prediction.source_pieces)
            assert sum(row) == pytest.approx(1, abs=1e-3)
    assert report.examples is not None
    shown += [number for _, number in report.examples.rows()]
    assert all(not prediction.attention for prediction in report.predictions if prediction.index not in shown)
    assert [figure.name for figure in report.figures] == ["BLEU", EQUAL, PERPLEXITY]
    assert report.figures[0].value == report.scores[0].value
    assert report.figures[2].value == pytest.approx(perplexity)
    assert report.verdict[0].startswith("BLEU ")

    recipe = report.recipe
    assert recipe["command"] == "typed"
    assert recipe["model"]["config_hash"] == "abc"
    assert recipe["model"]["seed"] == 7
    assert recipe["search"]["beam_size"] == 3
    assert recipe["bootstrap"] == {"samples": 50, "seed": 3, "confidence": 0.95}
    assert recipe["task"]["plugin"] == "seq2seq-toy 0.3"
    assert len(recipe["model"]["weights_sha256"]) == 64
    assert recipe["data"]["files"] == [{"name": "toy", "sha256": "00"}]


def test_search_options_are_used_and_recorded(model: Path, toy_examples: list[Example]) -> None:
    loaded = source_model(model)
    tested = TestSet("test", "toy", tuple(toy_examples[:6]), ())
    report = evaluate(loaded, Pairs(tested, samples=0), Decoding(SearchOptions(beam_size=2, n_best=2, max_length=2)))
    assert all(len(prediction.pieces) <= 2 for prediction in report.predictions)
    assert report.recipe["search"]["max_length"] == 2
    assert report.scores[0].low is None


def test_draws_and_candidates_are_used_and_recorded(
    tmp_path: Path, model: Path, toy_tokenizers: Tokenizers, toy_examples: list[Example]
) -> None:
    loaded = source_model(model)
    reverse = source_model(toy_models.write(tmp_path / "reverse", toy_tokenizers, reverse=True))
    examples = toy_examples[:6]
    tested = TestSet("test", "toy", tuple(examples), ())
    search, sampling = SearchOptions(max_length=5), SamplingOptions(temperature=1.5, seed=4)
    drawn = evaluate(loaded, Pairs(tested, samples=0), Decoding(search, sampling))
    # Samples depend on the index of the example, not on the order of decoding.
    expected = [outputs[0].text for outputs in sampled(loaded, examples, sampling, search)]
    assert [prediction.hypothesis for prediction in drawn.predictions] == expected
    assert drawn.recipe["decoding"]["method"] == "drawn at random (temperature 1.5, seed 4)"
    assert drawn.recipe["sampling"]["seed"] == 4
    assert drawn.recipe["rerank"] is drawn.recipe["reverse"] is None
    for number in (*drawn.worst, *drawn.best):
        assert len(drawn.predictions[number].attention) == len(drawn.predictions[number].pieces)

    decoding = Decoding(search, sampling, RerankOptions(candidates=3, reverse_weight=0.7))
    ranked = evaluate(loaded, Pairs(tested, samples=0, reverse=reverse), decoding)
    best = [outputs[0] for outputs in loaded.decode(examples, decoding, reverse=reverse)]
    assert [prediction.hypothesis for prediction in ranked.predictions] == [output.text for output in best]
    assert [prediction.score for prediction in ranked.predictions] == pytest.approx(
        [output.score for output in best], abs=1e-4
    )
    assert ranked.recipe["rerank"] == {
        "candidates": 3,
        "reverse_weight": 0.7,
        "length_bonus": 0.0,
        "anti_weight": 0.0,
        "anti_pieces": 5,
        "utility": "none",
    }
    assert ranked.recipe["reverse"]["path"] == str(reverse.bundle.folder)
    assert len(ranked.recipe["reverse"]["weights_sha256"]) == 64


def test_sources_that_were_cut_are_noted(
    tmp_path: Path, model: Path, toy_tokenizers: Tokenizers, toy_examples: list[Example]
) -> None:
    cutting = source_model(toy_models.write(tmp_path / "cutting", toy_tokenizers, max_source_pieces=10))
    tested = TestSet("test", "toy", tuple(toy_examples[:12]), (), "a note")
    report = evaluate(cutting, Pairs(tested, samples=0))
    lengths = [len(toy_tokenizers.source.encode(example.source)) for example in tested.examples]
    long = [place for place, length in enumerate(lengths) if length > 10]
    lost = 100 * sum(lengths[place] - 10 for place in long) / sum(lengths)
    assert report.notes == (
        "a note",
        f"{len(long)} of 12 sources were cut to 10 pieces (first at toy:{long[0] + 1}); {lost:.1f} % of all source "
        "pieces were lost.",
    )
    assert evaluate(source_model(model), Pairs(tested, samples=0)).notes == ("a note",)


def test_a_model_without_attention_draws_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers, toy_examples: list[Example]
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    options = NetworkOptions(embedding_size=16, hidden_size=24, attention="none")
    loaded = source_model(toy_models.write(tmp_path / "plain", toy_tokenizers, options))
    report = evaluate(loaded, Pairs(TestSet("test", "toy", tuple(toy_examples[:6]), ()), samples=0))
    assert not any(prediction.attention for prediction in report.predictions)


def test_weights_that_vanished_meanwhile_are_missed(model: Path, toy_examples: list[Example]) -> None:
    loaded = source_model(model)
    (model / "model.safetensors").unlink()
    tested = TestSet("test", "toy data", tuple(toy_examples[:2]), ())
    with pytest.raises(UserError, match=r"model\.safetensors has been removed since the model was loaded\."):
        evaluate(loaded, Pairs(tested, samples=0))


def test_an_example_is_taken_as_its_reader_made_it(model: Path) -> None:
    loaded = source_model(model)
    marked = Example(("a dog", Mark.TURN, "a cat"), "狗")
    assert searched(loaded, [marked])[0][0].source_pieces != searched(loaded, ["a dog a cat"])[0][0].source_pieces
    tokens = loaded.score([marked], [marked])[0].tokens
    assert tokens == len(loaded.tokenizers.target.encode("狗")) + 1
