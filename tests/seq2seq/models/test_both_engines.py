"""PyTorch and ONNX Runtime give the same outputs, for every option of decoding, in float32."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, of_sources
from seq2seq.decoding.output import PairScore
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.joint.companions import FORMS
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.network.options import NetworkOptions
from seq2seq_summarization.reader import SummaryReader
from tests.properties import examples
from tests.recorded import models
from tests.seq2seq.conftest import CHINESE, ENGLISH
from tests.seq2seq.decoded import TOLERANCE, require_equal, require_same
from tests.seq2seq.searches import finished
from tests.seq2seq.ways_of_decoding import PROMPTS, SEARCH, SEARCHES, SOURCES, TERMS, WITH_SOURCE, WRITTEN

VOCABULARY = 90
"""Vocabulary of the model that copies unknown words."""
Model = TypeVar("Model", bound=LoadedModel)


@dataclass(frozen=True)
class Engines:
    """The models of a folder for each engine, loaded when they are first wanted."""

    folder: Path
    load: Callable[[str], tuple[LoadedModel, LoadedModel]]

    def source_models(self, name: str) -> tuple[SourceModel, SourceModel]:
        """Return a model with a source, computed by PyTorch and by ONNX Runtime."""
        return _both(SourceModel, self.load(name))

    def language_models(self, name: str) -> tuple[LanguageModel, LanguageModel]:
        """Return a language model, computed by PyTorch and by ONNX Runtime."""
        return _both(LanguageModel, self.load(name))


def _both(kind: type[Model], loaded: Sequence[LoadedModel]) -> tuple[Model, Model]:
    one, other = loaded
    assert isinstance(one, kind)
    assert isinstance(other, kind)
    assert type(one.network) is not type(other.network)
    return one, other


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """Models of all tasks with random weights, and their exports."""
    folder = tmp_path_factory.mktemp("engines")
    models.write(folder / "torch")
    _write_copier(folder / "torch" / "copier")
    _write_second(folder / "torch", "translator")
    _write_second(folder / "torch", "summarizer")

    @cache
    def load(name: str) -> tuple[LoadedModel, LoadedModel]:
        (folder / "onnx").mkdir(exist_ok=True)
        write_onnx(folder / "onnx" / name, bundle.load(folder / "torch" / name), "float32", ())
        return seq2seq.load(folder / "torch" / name, threads=1), seq2seq.load(folder / "onnx" / name)

    return Engines(folder, load)


def _write_copier(folder: Path) -> None:
    """Write a model that copies unknown words: its tokenizer does not spell them in bytes."""
    options = NetworkOptions(embedding_size=16, hidden_size=24, copying=True)
    tokenizers = models.trained(byte_fallback=False)
    network = models.drawn(options, tokenizers, seed=21, end_bias=1)
    assert tokenizers.target.vocabulary_size == VOCABULARY
    bundle.save(folder, network, BundleConfig("summarization", options, SummaryReader(), SEARCH), tokenizers)


def _write_second(folder: Path, name: str) -> None:
    """Write a model for an ensemble with another one: it differs in its weights and its width."""
    first = bundle.load(folder / name)
    options = replace(first.config.network, hidden_size=20)
    network = models.drawn(options, first.tokenizers, seed=31, end_bias=1)
    bundle.save(folder / f"second {name}", network, replace(first.config, network=options), first.tokenizers)


def require_same_scores(ones: Sequence[PairScore], others: Sequence[PairScore]) -> None:
    """Check that the scores of given outputs are the same."""
    for one, other in zip(ones, others, strict=True):
        assert other.log_probability == pytest.approx(one.log_probability, abs=TOLERANCE * one.tokens)
        assert (other.tokens, other.characters, other.source_pieces, other.lost) == (
            *(one.tokens, one.characters, one.source_pieces),
            one.lost,
        )


METHODS = {
    **SEARCHES,
    **TERMS,
    "banned words": Decoding(replace(SEARCH, banned=("the", "大狗", "书", "dog eats"))),
    "small batches": Decoding(replace(SEARCH, batch_tokens=20)),
    "samples": Decoding(SEARCH, SamplingOptions(seed=3), count=3),
    "temperature": Decoding(SEARCH, SamplingOptions(temperature=0.6)),
    "top k": Decoding(SEARCH, SamplingOptions(top_k=6, seed=7), count=2),
    "top p": Decoding(SEARCH, SamplingOptions(top_p=0.7)),
    "min p": Decoding(SEARCH, SamplingOptions(min_p=0.1), count=2),
    "constrained samples": Decoding(
        replace(SEARCH, no_repeat_ngram=2, repetition_penalty=1.3, min_length=4, banned=("two",)),
        SamplingOptions(temperature=1.2, top_k=20, top_p=0.9),
        count=2,
    ),
    "ranked samples": Decoding(
        SEARCH, SamplingOptions(), RerankOptions(candidates=6, reverse_weight=0.0, length_bonus=0.3), count=2
    ),
}


@pytest.mark.parametrize("name", WITH_SOURCE)
@pytest.mark.parametrize("method", METHODS)
def test_both_engines_give_the_same_outputs(name: str, method: str, engines: Engines) -> None:
    ones, others = (
        model.decode(SOURCES, METHODS[method], attention=True, split=False) for model in engines.source_models(name)
    )
    require_same(ones, others)


WORDS = st.sampled_from([*ENGLISH.split(), *CHINESE.split(), "Zoe", "47", "."])
TEXTS = st.lists(st.lists(WORDS, max_size=9).map(" ".join), min_size=1, max_size=4)
CONSTRAINTS = {
    "no_repeat_ngram": st.integers(0, 3),
    "no_repeat_source_ngram": st.integers(0, 3),
    "repetition_penalty": st.sampled_from([1.0, 1.4]),
    "banned": st.lists(WORDS, max_size=3).map(tuple),
    "min_length": st.integers(0, 4),
    "max_length": st.integers(5, 14),
    "coverage_beta": st.sampled_from([0.0, 0.3]),
    "length_penalty": st.sampled_from(["none", "average", "gnmt"]),
    "batch_tokens": st.sampled_from([20, 4096]),
}
DRAWN_SEARCHES = st.builds(
    lambda beams, groups, others: SearchOptions(beam_size=beams * groups, groups=groups, **others),
    st.integers(1, 4),
    st.sampled_from([1, 1, 2]),
    st.fixed_dictionaries(CONSTRAINTS),
)
DRAWS = st.builds(
    SamplingOptions,
    temperature=st.sampled_from([0.7, 1.0, 1.5]),
    top_k=st.sampled_from([0, 5]),
    top_p=st.sampled_from([1.0, 0.8]),
    min_p=st.sampled_from([0.0, 0.05]),
    seed=st.integers(0, 1000),
)


@pytest.mark.parametrize("name", WITH_SOURCE)
@examples(20)
@given(texts=TEXTS, search=DRAWN_SEARCHES, sampling=st.none() | DRAWS)
def test_both_engines_give_the_same_outputs_for_options_together(
    name: str, texts: list[str], search: SearchOptions, sampling: SamplingOptions | None, engines: Engines
) -> None:
    decoding = Decoding(search, sampling, count=1)
    ones, others = (model.decode(texts, decoding, split=False) for model in engines.source_models(name))
    require_same(ones, others)


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_both_engines_continue_prefixes(name: str, engines: Engines) -> None:
    prefixes = ["the", "", "大", "Zoe", "dog"]
    for decoding in (METHODS["n-best"], METHODS["samples"]):
        ones, others = (
            model.decode(SOURCES, decoding, prefixes=prefixes, split=False) for model in engines.source_models(name)
        )
        require_same(ones, others)
        assert any(output.text.startswith("the") for output in others[0])


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_both_engines_score_and_align_given_outputs(name: str, engines: Engines) -> None:
    one, other = engines.source_models(name)
    targets = ["大狗买了两本书", "the dog", "小猫", "Zoe 47 北京", ""]
    require_same_scores(one.score(SOURCES, targets), other.score(SOURCES, targets))
    candidates = [["the dog", "狗"], [""], ["cat", "Reykjavík", "鸟"], [], ["书", "two books"]]
    for wanted, found in zip(
        one.score_candidates(SOURCES, candidates), other.score_candidates(SOURCES, candidates), strict=True
    ):
        require_same_scores(wanted, found)
    outputs = [outputs[0] for outputs in one.decode(SOURCES, METHODS["beams"])]
    require_same([one.aligned(SOURCES, outputs)], [other.aligned(SOURCES, outputs)])
    require_equal(one.given(SOURCES[3], "Zoe 47"), other.given(SOURCES[3], "Zoe 47"))


def test_both_engines_translate_sentence_by_sentence(engines: Engines) -> None:
    for decoding in (METHODS["n-best"], METHODS["samples"]):
        ones, others = (
            model.decode(SOURCES, decoding, attention=True, split=True) for model in engines.source_models("translator")
        )
        require_same(ones, others)
        assert len(others[2][0].parts) > 1


@pytest.mark.parametrize("method", ["n-best", "groups", "coverage penalty", "no repeated n-gram", "samples"])
def test_both_engines_copy_unknown_words(method: str, engines: Engines) -> None:
    one, other = engines.source_models("copier")
    ones, others = (model.decode(SOURCES, METHODS[method], attention=True, split=False) for model in (one, other))
    require_same(ones, others)
    copied = [output for outputs in others for output in outputs if max(output.ids, default=0) >= VOCABULARY]
    assert copied, "no unknown word was copied"
    targets = [outputs[0].text for outputs in others]
    require_same_scores(one.score(SOURCES, targets), other.score(SOURCES, targets))


@pytest.mark.parametrize("name", WITH_SOURCE)
@pytest.mark.parametrize("method", ["greedy", "samples", "constrained samples"])
def test_both_engines_stream_the_same_parts(name: str, method: str, engines: Engines) -> None:
    decoding = replace(METHODS[method], count=1)
    for text in SOURCES:
        (ones, wanted), (others, found) = (
            finished(model.stream(text, decoding, number=5)) for model in engines.source_models(name)
        )
        assert others == ones
        require_equal(wanted, found)


@pytest.mark.parametrize("method", ["n-best", "samples"])
@pytest.mark.parametrize("weight", [0.5, 0.0])
def test_both_engines_rank_with_a_reverse_model_and_a_language_model(
    method: str, weight: float, engines: Engines
) -> None:
    reversed_ones = engines.source_models("backward")
    rerank = RerankOptions(candidates=4, reverse_weight=weight, anti_weight=0.3, anti_pieces=3)
    decoding = replace(METHODS[method], rerank=rerank, count=3)
    ones, others = (
        model.along(author, 0.0).decode(SOURCES, decoding, reverse=reverse if weight else None, split=False)
        for model, author, reverse in zip(
            engines.source_models("translator"), engines.language_models("author"), reversed_ones, strict=True
        )
    )
    require_same(ones, others)


@pytest.mark.parametrize("name", ["translator", "summarizer", "partner"])
@pytest.mark.parametrize("method", ["greedy", "n-best", "groups", "coverage penalty", "samples", "constrained samples"])
def test_both_engines_fuse_a_language_model(name: str, method: str, engines: Engines) -> None:
    ones, others = (
        model.along(author, 0.4).decode(SOURCES, METHODS[method], attention=True, split=False)
        for model, author in zip(engines.source_models(name), engines.language_models("author"), strict=True)
    )
    require_same(ones, others)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["translator", "summarizer"])
def test_both_engines_decode_with_an_ensemble(name: str, form: str, engines: Engines) -> None:
    pairs = zip(engines.source_models(name), engines.source_models(f"second {name}"), strict=True)
    one, other = (first.together(second, form=form) for first, second in pairs)
    for method in ("greedy", "n-best", "coverage penalty", "samples"):
        ones, others = (model.decode(SOURCES, METHODS[method], attention=True, split=False) for model in (one, other))
        require_same(ones, others)
    targets = ["大狗买了两本书", "the dog", "小猫", "Zoe 47 北京", ""]
    require_same_scores(one.score(SOURCES, targets), other.score(SOURCES, targets))
    alone = engines.source_models(name)[0].decode(SOURCES, METHODS["n-best"], split=False)
    assert [output.text for output in alone[0]] != [output.text for output in ones[0]]


@pytest.mark.parametrize("name", ["author", "scribe"])
@pytest.mark.parametrize("method", WRITTEN)
def test_both_engines_continue_prompts(name: str, method: str, engines: Engines) -> None:
    one, other = engines.language_models(name)
    require_same(one.decode(PROMPTS, WRITTEN[method]), other.decode(PROMPTS, WRITTEN[method]))
    for prompt in PROMPTS:
        (ones, wanted), (others, found) = (
            finished(model.stream(prompt, WRITTEN[method], number=2, draw=1)) for model in (one, other)
        )
        assert others == ones
        require_equal(wanted, found)


@pytest.mark.parametrize("name", ["author", "scribe"])
def test_both_engines_stop_before_a_text(name: str, engines: Engines) -> None:
    decoding = replace(WRITTEN["samples"], count=1)
    free, stopped = (
        [model.decode(PROMPTS, decoding, stop=stop) for model in engines.language_models(name)]
        for stop in ((), ("e", "狗"))
    )
    require_same(*stopped)
    assert sum(len(output.text) for (output,) in stopped[1]) < sum(len(output.text) for (output,) in free[1])


@pytest.mark.parametrize("name", ["author", "scribe"])
def test_both_engines_score_texts(name: str, engines: Engines) -> None:
    one, other = engines.language_models(name)
    texts = ["the dog eats", "", "大狗买了两本书\n小猫", "Reykjavík"]
    require_same_scores(one.score(texts), other.score(texts))
    assert other.beginnings(texts, 3) == pytest.approx(one.beginnings(texts, 3), abs=TOLERANCE)


@pytest.mark.parametrize("name", ["partner", "listener"])
def test_both_engines_hold_the_same_conversation(name: str, engines: Engines) -> None:
    talks = [model.session() for model in engines.source_models(name)]
    for said in ("the dog eats today", "你好 小猫", "Zoe sees 47 dogs"):
        replies = ["".join(talk.stream(said)) for talk in talks]
        assert replies[0] == replies[1]
    assert talks[0].retry() == talks[1].retry()
    require_equal(talks[0].why(), talks[1].why())


def test_examples_of_a_reader_are_read_by_both_engines(engines: Engines) -> None:
    given_ones = [Example("the dog eats", "大狗"), Example("小猫", "cat")]
    ones, others = (model.decode(given_ones, METHODS["beams"]) for model in engines.source_models("translator"))
    require_same(ones, others)


@pytest.mark.parametrize("method", ["greedy", "n-best", "samples"])
def test_threads_change_nothing(method: str, engines: Engines) -> None:
    model, _ = engines.source_models("translator")
    threaded = seq2seq.load(engines.folder / "onnx" / "translator", threads=3)
    assert isinstance(threaded, SourceModel)
    assert threaded.network.batches_at_a_time == 3
    decoding = METHODS[method]
    small = replace(decoding, search=replace(SEARCH, beam_size=of_sources(decoding.search).beam_size, batch_tokens=20))
    texts = [*SOURCES, *SOURCES, *SOURCES]
    require_same(*(each.decode(texts, small, attention=True, split=False) for each in (model, threaded)))
    require_same_scores(model.score(texts, texts), threaded.score(texts, texts))
