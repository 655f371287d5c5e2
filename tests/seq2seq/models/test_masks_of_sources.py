"""Models with masks: whatever the weights, outputs have the placeholders of their sources, spelled exactly."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.corpus.protected_spans import spans
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import glossary_of
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import shortlist_of
from seq2seq.errors import UserError
from seq2seq.generators import Returning
from seq2seq.models import bundle
from seq2seq.models.source_model import SourceModel
from seq2seq.models.stepwise.decoding_together import batch_of, request_of
from seq2seq.models.stepwise.job import Job
from seq2seq.tokenization.control_pieces import with_masks
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from tests.seq2seq import language_models, toy_models, toy_task

SEARCH = SearchOptions(beam_size=3, max_length=30)
TEXTS = [
    "the %s dog sees {name}",
    "a cat",
    "buys %d books, %d today at https://example.org/a?b=1 or me@example.org",
    "{0}  eats <b  class='x'>two</b> &amp; three 5 km",
    "{a}{b}{c}{d}{e}{f}{g}{h}",
    "狗看见%s和{name}",
]


def spelled(text: str) -> list[str]:
    return sorted(span.text for span in spans(text))


def masked_spans(model: SourceModel, text: str, output: Output) -> list[str]:
    """Return the spans of the masks of an output; random weights may write other text that makes up a span, too."""
    found = [span.text for span in spans(text)]
    return sorted(found[number] for number in model.tokenizers.target.masks_in(output.ids))


def has_all_spans(text: str, wanted: Counter[str]) -> None:
    assert all(text.count(span) >= count for span, count in wanted.items())


def written(folder: Path, tokenizers: Tokenizers, *, copying: bool = False, cut: int = 0) -> Path:
    options = replace(toy_models.NETWORK, copying=copying)
    config = toy_models.config(options, max_source_pieces=cut)
    config = replace(config, reader=replace(config.reader, masks=True), search=SEARCH)
    bundle.save(folder, toy_models.network(tokenizers, options), config, tokenizers)
    return folder


def loaded(folder: Path) -> SourceModel:
    model = seq2seq.load(folder)
    assert isinstance(model, SourceModel)
    return model


@pytest.fixture(params=["plain", "copying", "apart"])
def masked(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_examples: list[Example]
) -> SourceModel:
    """A model with random weights: without and with a copy mechanism, and one that copies unknown words."""
    toy_task.install(tmp_path / "site", monkeypatch)
    is_apart = request.param == "apart"
    size = 90 if is_apart else 340
    options = TokenizerOptions(vocabulary_size=size, joint=not is_apart, byte_fallback=not is_apart)
    tokenizers = with_masks(train(toy_examples, options))
    return loaded(written(tmp_path / "masked", tokenizers, copying=request.param != "plain"))


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> SourceModel:
    """A model without a copy mechanism."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return loaded(written(tmp_path / "masked", with_masks(toy_tokenizers)))


def test_outputs_have_the_placeholders_of_their_sources(masked: SourceModel) -> None:
    for text, outputs in zip(TEXTS, masked.decode(TEXTS, Decoding(SEARCH, count=3)), strict=True):
        for output in outputs:
            assert output.lost_spans == ()
            assert masked_spans(masked, text, output) == spelled(text)
            has_all_spans(output.text, Counter(spelled(text)))


def test_samples_and_greedy_outputs_invent_none_and_report_the_lost(masked: SourceModel) -> None:
    greedy = Decoding(replace(SEARCH, beam_size=1))
    sampled = Decoding(replace(SEARCH, beam_size=1), SamplingOptions(seed=2), count=4)
    for decoding in (greedy, sampled):
        for text, outputs in zip(TEXTS, masked.decode(TEXTS, decoding), strict=True):
            for output in outputs:
                assert sorted([*masked_spans(masked, text, output), *output.lost_spans]) == spelled(text)
                has_all_spans(output.text, Counter(spelled(text)) - Counter(output.lost_spans))


def test_growing_outputs_have_spans_instead_of_masks(masked: SourceModel) -> None:
    for decoding in (Decoding(replace(SEARCH, beam_size=1)), Decoding(SEARCH), Decoding(SEARCH, SamplingOptions())):
        for number, text in enumerate(TEXTS):
            stream = Returning(masked.stream(text, decoding, number=number))
            parts = list(stream)
            assert "".join(parts) == stream.result.text
            (expected,) = masked.decode([text], decoding, numbers=[number])[0]
            assert (stream.result.text, stream.result.ids) == (expected.text, expected.ids)


def test_scores_and_attention_are_those_of_the_output(masked: SourceModel) -> None:
    found = [outputs[0] for outputs in masked.decode(TEXTS, Decoding(SEARCH), attention=True)]
    scored = masked.with_piece_scores(TEXTS, found)
    aligned = masked.aligned(TEXTS, found)
    for output, one, other in zip(found, scored, aligned, strict=True):
        assert sum(one.piece_log_probabilities) >= output.log_probability - 1e-3
        assert output.attention is not None
        assert output.attention.shape == (len(output.pieces), len(output.source_pieces))
        assert other.attention is not None
        assert abs(output.attention - other.attention).max() < 1e-4


def test_a_given_target_has_the_masks_of_its_source(plain: SourceModel) -> None:
    target = plain.tokenizers.target
    output = plain.given("the %s dog sees {name}", "{name}的%s和%s")
    assert output.text == "{name}的%s和%s"
    assert target.masks_in(output.ids) == [1, 0]
    assert "{name}" in output.pieces
    assert plain.score(["a %s"], ["的%s"])[0].tokens == len(target.encode("的")) + 2
    examples = [Example("a %s", "的%s")]
    assert plain.score(examples, examples) == plain.score(["a %s"], ["的%s"])
    masks = [target.masks_in(ids) for ids in plain.sources.prefixes(plain.sources.encoded(["%s a"]), ["%s"]) or ()]
    assert masks == [[0]]
    (outputs,) = plain.decode(["%s a {x}"], Decoding(SEARCH), prefixes=["{x}的"])
    assert outputs[0].text.startswith("{x}的")
    assert spelled(outputs[0].text) == ["%s", "{x}"]


def test_spans_are_spelled_as_in_the_text_of_the_user(plain: SourceModel) -> None:
    assert spelled(plain.decode(["a <b  id='1'>big</b> dog"])[0][0].text) == ["</b>", "<b  id='1'>"]
    assert plain.decode([Example("a <b>dog", "")])[0][0].text.count("<b>") == 1


def test_masks_that_are_cut_off_are_forbidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    model = loaded(written(tmp_path / "masked", with_masks(toy_tokenizers), cut=4))
    (output,) = model.decode(["{a} the dog sees the cat {b}"])[0]
    assert output.lost
    assert spelled(output.text) == ["{a}"]
    assert output.lost_spans == ()


def test_a_glossary_finds_no_terms_inside_of_placeholders(plain: SourceModel) -> None:
    glossary = glossary_of([("dog", "狗"), ("cat", "猫")])
    (source,) = plain.sources.encoded(["the {dog} sees a cat"], Decoding(SEARCH, glossary=glossary))
    assert [term.name for term in source.required] == ["猫"]
    text = plain.decode(["the {dog} sees a cat"], Decoding(SEARCH, glossary=glossary))[0][0].text
    assert "猫" in text
    assert "{dog}" in text


def test_a_model_without_masks_in_its_vocabulary_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    written(tmp_path / "broken", toy_tokenizers)
    with pytest.raises(UserError, match=r"The vocabulary in .* has no masks, but data\.reader\.masks is true"):
        seq2seq.load(tmp_path / "broken")


def test_both_engines_write_the_same(masked: SourceModel, tmp_path: Path) -> None:
    write_onnx(tmp_path / "onnx", masked.bundle, "float32", ())
    other = loaded(tmp_path / "onnx")
    ours, theirs = (model.decode(TEXTS, Decoding(SEARCH, count=2)) for model in (masked, other))
    assert [[one.text for one in some] for some in ours] == [[one.text for one in some] for some in theirs]


def test_requests_that_are_decoded_together_have_the_outputs_of_each(plain: SourceModel) -> None:
    greedy = Decoding(replace(SEARCH, beam_size=1))
    for decoding, is_streamed in ((Decoding(SEARCH), False), (Decoding(SEARCH), True), (greedy, True), (greedy, False)):
        requests = [
            request_of(plain, Job(text, decoding, number), is_streamed=is_streamed, batch_tokens=4096)
            for number, text in enumerate(TEXTS)
        ]
        batch = batch_of(plain, [part for request in requests for part in request.parts])
        shown = [""] * len(requests)
        owners = {part: place for place, request in enumerate(requests) for part in request.parts}
        while batch.parts:
            for progress in batch.advance():
                place = owners[progress.part]
                shown[place] += requests[place].add(progress)
        for text, request, begun in zip(TEXTS, requests, shown, strict=True):
            rest, (output, *_) = request.outputs()
            assert output.text == plain.decode([text], decoding)[0][0].text
            assert not is_streamed or begun + rest == output.text


def test_a_language_model_ranks_but_does_not_score_masks(plain: SourceModel, tmp_path: Path) -> None:
    other = seq2seq.load(language_models.write(tmp_path / "writer", plain.tokenizers))
    with pytest.raises(UserError, match="was trained with masks, which language models cannot score: give lm_weight 0"):
        plain.along(other, 0.3)
    rerank = RerankOptions(candidates=3, anti_weight=0.5, reverse_weight=0.0)
    (outputs,) = plain.along(other, 0.0).decode(["a {x} cat"], Decoding(SEARCH, rerank=rerank))
    assert "{x}" in outputs[0].text


def test_shortlists_contain_the_masks(plain: SourceModel, toy_examples: list[Example], tmp_path: Path) -> None:
    table = shortlist_of(toy_examples, plain.tokenizers, each=2, frequent=5, reader=plain.reader)
    write_onnx(tmp_path / "short", plain.bundle, "float32", (), table)
    short = loaded(tmp_path / "short")
    sources = short.sources.encoded(TEXTS)
    assert len(short.shortlisted(sources, SEARCH, None)) >= 4
    for text, (output, *_) in zip(TEXTS, short.decode(TEXTS, Decoding(SEARCH)), strict=True):
        assert masked_spans(short, text, output) == spelled(text)
        assert output.lost_spans == ()
