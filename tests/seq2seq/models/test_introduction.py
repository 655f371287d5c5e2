"""A model's introduction: its usual confidence, when an output is doubtful, and openers."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.corpus.example import Example, Mark
from seq2seq.decoding.output import Output
from seq2seq.models import bundle
from seq2seq.models.bundle import read_config
from seq2seq.models.bundle_config import USUALLY_DOUBTFUL, Introduction
from seq2seq.models.introduction import OPENERS, introduced, sureness
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import searched, source_model
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A model of the toy task with random weights."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)


@pytest.mark.parametrize(
    ("introduction", "is_drawn", "limit"),
    [
        (Introduction(), False, USUALLY_DOUBTFUL),  # models of older versions
        (Introduction(), True, None),
        (Introduction(1, -0.1, 0.2), False, -0.7),
        (Introduction(1, -0.1, 0.01), True, -0.3),  # small spread: slightly below the mean is not doubtful
    ],
)
def test_the_limit_of_doubt(introduction: Introduction, is_drawn: bool, limit: float | None) -> None:
    assert introduction.doubtful_below(is_drawn=is_drawn) == (None if limit is None else pytest.approx(limit))


def test_sureness_is_per_piece_and_of_the_least_sure_sentence() -> None:
    one = Output("a b", -1.0, -3.0, ("a", "b"), ())
    other = Output("c", -1.0, -4.0, ("c",), ())
    assert sureness(one) == -1.0
    assert sureness(replace(one, parts=(one, other))) == -2.0


def test_validation_outputs_are_measured_as_the_model_is_used(model: Path, toy_examples: list[Example]) -> None:
    loaded = source_model(model)
    few = toy_examples[:5]
    found = introduced(loaded, few, pairs=300, has_openers=False)
    values = [sureness(best[0]) for best in loaded.decode(few, split=False)]
    assert found.score_mean == pytest.approx(sum(values) / 5, abs=1e-3)
    assert found.score_spread is not None
    assert found.score_spread > 0
    assert (found.pairs, found.openers) == (300, ())
    assert introduced(loaded, [], pairs=3, has_openers=True) == Introduction(3)


def test_openers_are_short_sources_alone_and_of_both_scripts(model: Path) -> None:
    loaded = source_model(model)
    sources = ["the old dog", "a cat", "birds", "我们去北京", "买了三本书", "x" * 500, "two\nlines"]
    examples = [Example(source, "y") for source in sources]
    examples.append(Example(("said", Mark.TURN, "a cat sees"), "y"))
    openers = introduced(loaded, examples, pairs=1, has_openers=True).openers
    assert len(openers) == OPENERS
    assert set(openers) < set(sources[:5])
    assert any(one[0] >= "\u4e00" for one in openers)
    assert any(one.isascii() for one in openers)


def test_an_answer_that_is_right_comes_first(model: Path) -> None:
    loaded = source_model(model)
    sources = ["the old dog", "a cat", "birds", "two books", "today"]
    right = searched(loaded, ["birds"])[0][0].text
    examples = [Example(one, right if one == "birds" else "wrong") for one in sources]
    assert introduced(loaded, examples, pairs=1, has_openers=True).openers[0] == "birds"


def test_it_is_stored_and_read_back_and_openers_are_left_out_of_an_export(model: Path, tmp_path: Path) -> None:
    loaded = source_model(model)
    introduction = Introduction(12, -0.5, 0.25, ("我们", "a cat"))
    config = replace(loaded.bundle.config, introduction=introduction)
    bundle.save(model, loaded.torch_network, config, loaded.tokenizers)
    assert read_config(model).introduction == introduction
    for options, openers in (([], ("我们", "a cat")), (["--no_openers"], ())):
        place = tmp_path / f"copy{len(options)}"
        assert cli.main(["export", str(model), str(place), *options]) == 0
        assert read_config(place).introduction == replace(introduction, openers=openers)


def test_training_measures_and_keeps_no_text_of_the_user_s_own_unless_asked(here: Path) -> None:
    train, validation = write_corpus(here, 60)
    own = ["--data.train", train, "--data.validation", validation]
    for name, options, is_kept in (
        ("own", own, False),
        ("asked", [*own, "--checkpoint.openers", "true"], True),
        ("sample", [], True),
    ):
        size = ["-c", "size/tiny", "--trainer.max_steps", "2", "--data.tokenizer.vocabulary_size", "280"]
        assert cli.main(["fit", "reversing", *size, *options, "--run_dir", name]) == 0
        found = read_config(here / name / "bundle").introduction
        assert found.pairs == (200 if name == "sample" else 60)
        assert found.score_mean is not None
        assert bool(found.openers) == is_kept
        for more, is_exported in (([], is_kept), (["--no_openers"], False)):
            place = here / f"{name}{len(more)}"
            assert cli.main(["export", name, str(place), *more]) == 0
            exported = read_config(place).introduction
            assert bool(exported.openers) == is_exported
            assert exported.score_mean == found.score_mean
