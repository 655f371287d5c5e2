"""Continuing texts: equal results through every interface, constraints, stops, constant memory."""

import gc
import math
import tracemalloc
from dataclasses import replace
from typing import Any, cast

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark
from seq2seq.decoding.encoded_sources import no_sources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.errors import UserError, WorldError
from seq2seq.models.language_model import LanguageModel
from seq2seq.sessions.session import Session
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.token_healing import Prompt, Seam, prompted
from seq2seq.tokenization.training import train
from seq2seq.tokenization.utf8 import characters
from tests.seq2seq import language_models
from tests.seq2seq.decoded import searched
from tests.seq2seq.searches import finished
from tests.tasks.seq2seq_generation.texts import RUNNING, stories

LIMIT = SearchOptions(beam_size=1, max_length=12)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """A model of documents, which end."""
    examples = [Example("", story) for story in stories("train")]
    tokenizers = train(examples, TokenizerOptions(vocabulary_size=600))
    return language_models.language_model(language_models.write(tmp_path_factory.mktemp("documents"), tokenizers))


@pytest.fixture(scope="session")
def characterwise(tmp_path_factory: pytest.TempPathFactory) -> LanguageModel:
    """A model of one running text, whose pieces are characters."""
    tokenizers = train([Example("", RUNNING)], TokenizerOptions(model="char"))
    folder = language_models.write(tmp_path_factory.mktemp("contiguous"), tokenizers, contiguous=True)
    return language_models.language_model(folder)


def drawn(seed: int = 1, **search: Any) -> Decoding:  # noqa: ANN401 - any options of a search
    return Decoding(replace(LIMIT, **search), SamplingOptions(seed=seed))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**40), prompt=st.sampled_from(["", "Anna", "Ben went ", "小明去了", "Anna went to\n"]))
def test_alone_in_a_list_and_as_it_grows(model: LanguageModel, seed: int, prompt: str) -> None:
    decoding = drawn(seed)
    whole = model.generate(prompt, decoding)
    parts, output = finished(model.stream(prompt, decoding))
    assert whole == prompt + "".join(parts) == prompt + output.text
    three = model.decode(["Clara", prompt], decoding, count=3, first=-1 % 2**30)[1]
    again = model.decode([prompt], decoding, count=3, first=2**30)[0]
    assert [one.text for one in three] == [one.text for one in again]
    assert model.decode([prompt], decoding)[0][0] == output
    assert model.decode([prompt], decoding)[0][0] == output


@pytest.mark.parametrize("prompt", ["", "Anna went", "小明去了集市。\n小明"])
def test_probabilities_are_those_of_the_whole_text(model: LanguageModel, prompt: str) -> None:
    decoding = Decoding(LIMIT, SamplingOptions(seed=3, temperature=0.7, top_k=5))
    (output,) = model.decode([prompt], decoding)[0]
    target = model.tokenizers.target
    before = target.encode(prompt)[: len(output.source_pieces)]  # the last pieces may have been replaced
    assert target.pieces(before) == list(output.source_pieces)
    network = model.torch_network
    with torch.no_grad():
        memory = network.encode(torch.zeros(1, 0, dtype=torch.long), torch.zeros(1, dtype=torch.long))
        ids = torch.tensor([[target.start, *before, *output.ids]])
        scores = torch.log_softmax(network.logits(network(memory, ids[:, :-1]).states), -1)[0]
    expected = sum(float(scores[len(before) + place, token]) for place, token in enumerate(output.ids))
    if len(output.ids) == LIMIT.max_length:
        assert output.log_probability == pytest.approx(expected, abs=1e-3)
    else:  # the end token was sampled, too
        assert output.log_probability < expected
    assert prompt + output.text == target.decode([*before, *output.ids])


def test_greedy_takes_the_likeliest_each_time(model: LanguageModel) -> None:
    decoding = Decoding(replace(LIMIT, min_length=12, max_length=16))  # room for a whole character after the twelfth
    (output,) = model.decode(["Anna"], decoding)[0]
    target = model.tokenizers.target
    rules = characters(target)
    assert rules is not None
    ids = [target.start, *target.encode("Anna")]
    banned = [target.padding, target.start, target.end, target.unknown]
    banned += [target.marks[Mark.TURN], target.marks[Mark.SPEAKER]]
    network = model.torch_network
    with torch.no_grad():
        memory = network.encode(torch.zeros(1, 0, dtype=torch.long), torch.zeros(1, dtype=torch.long))
        for token in output.ids[:12]:
            scores = network.logits(network(memory, torch.tensor([ids])).states)[0, -1]
            scores[banned] = -torch.inf
            states = rules.states(torch.tensor([ids]))
            if states is None:
                scores[rules.lost] = -torch.inf
            else:
                scores[~rules.allowed(states, len(scores))[0]] = -torch.inf
            assert int(scores.argmax()) == token
            ids.append(token)
    assert model.generate("Anna", decoding) == model.generate("Anna", decoding)


def test_constraints_hold(model: LanguageModel) -> None:
    text = model.generate("Anna", drawn(2, max_length=60, min_length=60, banned=("a", "the", "小明")))
    words = text.removeprefix("Anna").lower().split()
    assert not {"a", "the"} & set(words)
    assert "小明" not in text
    (output,) = model.decode(["Anna"], drawn(2, max_length=40, min_length=40, no_repeat_ngram=1))[0]
    assert len(set(output.ids)) == len(output.ids)
    ends = [len(one.ids) for one in model.decode(["Anna"], drawn(5, max_length=400), count=20)[0]]
    assert min(ends) < 400
    (wild, tame) = (
        model.decode([""], Decoding(replace(LIMIT, max_length=100, min_length=100, repetition_penalty=by)))[0][0].ids
        for by in (1.0, 50.0)
    )
    assert len(set(tame)) > len(set(wild))


def test_a_stop_ends_the_text_before_it(model: LanguageModel) -> None:
    decoding = drawn(4, max_length=200, min_length=200)
    whole = model.generate("Anna", decoding)
    stop = whole[20:23]
    text = model.generate("Anna", decoding, stop=[stop, "never said"])
    assert text == "Anna" + whole[4 : whole.index(stop, 4)]
    assert [one.text for one in model.decode(["Anna"], decoding, stop=[stop])[0]] == [text[4:]]


def test_a_blank_at_the_end_of_a_prompt_is_not_said_twice(model: LanguageModel) -> None:
    for seed in range(5):
        (output,) = model.decode(["Anna "], drawn(seed, min_length=12))[0]
        target = model.tokenizers.target
        kept = target.encode("Anna ")[: len(output.source_pieces)]
        assert target.decode([*kept, *output.ids]) == "Anna " + output.text


def test_a_contiguous_model_begins_with_a_line_and_never_ends(characterwise: LanguageModel) -> None:
    target = characterwise.tokenizers.target
    assert characterwise.begin == characterwise.end == target.marks[Mark.LINE]
    (output,) = characterwise.decode([""], drawn(1, max_length=500))[0]
    assert len(output.ids) == len(output.text) == 500


@pytest.mark.parametrize("is_limited", [True, False])
def test_memory_stays_the_same_however_long_the_text(
    characterwise: LanguageModel, monkeypatch: pytest.MonkeyPatch, is_limited: bool
) -> None:
    """After the first pieces, memory grows by the text at most."""
    monkeypatch.setattr("seq2seq.decoding.prompt_continuation.LONGEST_HISTORY", 32)
    limits = drawn(1, max_length=10_000_000 if is_limited else 0, repetition_penalty=1.1)
    writing = characterwise.stream("Line 1:\n", limits)
    for _ in range(100):
        next(writing)
    tracemalloc.start()
    try:
        for _ in range(100):
            next(writing)
        gc.collect()  # so that garbage is not counted
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            next(writing)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    writing.close()
    assert grown < (40_000 if is_limited else 4_000)


def test_a_list_of_prompts_gives_a_list(model: LanguageModel) -> None:
    texts = model.generate(["Anna", "Ben"], drawn(4), stop=["."])
    assert [text[:3] for text in texts] == ["Ann", "Ben"]
    assert texts[0] == model.generate("Anna", drawn(4), stop=["."])


def test_of_a_long_prompt_the_last_pieces_are_read(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes one step per piece, so a file of a megabyte would take minutes."""
    monkeypatch.setattr("seq2seq.models.language_model.LONGEST_PROMPT", 8)
    prompt = "Anna went to the river. Ben went to the mark"
    ids = model.tokenizers.target.encode(prompt)
    (output,) = model.decode([prompt], drawn(2))[0]
    assert output.lost == len(ids) - 8
    assert list(output.source_pieces) == model.tokenizers.target.pieces(ids[output.lost :])[: len(output.source_pieces)]
    assert len(output.source_pieces) <= 8
    assert model.generate(prompt, drawn(2)) == prompt + output.text
    whole = Prompt((1, 2, 3, 4), (Seam(4), Seam(2, (9,), "x")))
    assert whole.last(3) == Prompt((2, 3, 4), (Seam(3), Seam(1, (9,), "x")), 1)
    assert whole.last(1) == Prompt((3, 4), (Seam(2), Seam(0, (9,), "x")), 2)
    assert whole.last(4) == whole


def test_the_likeliest_pieces_are_found_in_every_way(model: LanguageModel) -> None:
    decoding = Decoding(replace(LIMIT, min_length=12))
    (found,) = searched(model, ["Anna wen"], decoding.search)[0]
    assert found == model.decode(["Anna wen"], decoding)[0][0]
    assert model.generate("Anna wen", decoding) == "Anna wen" + found.text


@pytest.mark.parametrize("prompt", ["Anna wen", "Anna ", "小明去了", "从", "Anna went"])
def test_ways_to_go_on_are_drawn_by_their_probability(model: LanguageModel, prompt: str) -> None:
    """The first piece comes from each seam with its probability, given that the text begins with the prompt."""
    target = model.tokenizers.target
    read = prompted(prompt, target)
    ways: dict[tuple[int, int], float] = {}
    banned = [target.padding, target.start, target.unknown, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]]
    for seam in read.seams:
        firsts = seam.first or [token for token in range(target.vocabulary_size) if token not in banned]
        spelt = [[*read.ids[: seam.kept], token] for token in firsts]
        logarithms = score(
            model.network,
            no_sources(len(spelt), torch.zeros(0)),
            [one[:-1] for one in spelt],
            target,
            end=target.end,
        )
        network, ids = model.torch_network, torch.tensor([[model.begin, *read.ids[: seam.kept]]])
        with torch.no_grad():
            last = torch.log_softmax(network.logits(network(network.without_source(1), ids).states), -1)
        before = sum(logarithms[0][:-1])
        ways |= {(seam.kept, token): math.exp(before + float(last[0, -1, token])) for token in firsts}
    whole = sum(ways.values())
    outputs = model.decode([prompt], drawn(3, max_length=1), count=2000)[0]
    for kept in {seam.kept for seam in read.seams}:
        expected = sum(value for (size, _), value in ways.items() if size == kept) / whole
        seen = sum(len(one.source_pieces) == kept for one in outputs) / len(outputs)
        assert abs(seen - expected) < 0.05
    likeliest = max(ways, key=lambda way: ways[way])
    (greedy,) = model.decode([prompt], Decoding(replace(LIMIT, max_length=1)))[0]
    if likeliest[1] != target.end:
        assert (len(greedy.source_pieces), *greedy.ids) == likeliest


def test_nothing_changes_where_pieces_are_characters(characterwise: LanguageModel) -> None:
    (output,) = characterwise.decode(["Line 1"], drawn(1))[0]
    assert len(output.source_pieces) == len("Line 1")
    assert len(output.ids) == len(output.text)


def test_a_list_is_written_in_groups(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [one.text for one in model.decode(["Anna wen"], drawn(4), count=7)[0]]
    monkeypatch.setattr("seq2seq.models.language_model.ROWS", 3)
    assert [one.text for one in model.decode(["Anna wen"], drawn(4), count=7)[0]] == whole
    assert [one.text for one in model.decode(["Anna wen"], drawn(4, batch_tokens=1), count=7)[0]] == whole

    def full(*_: object, **__: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr("seq2seq.models.language_model.continue_prompt", full)
    with pytest.raises(WorldError, match=r"Memory is full: 3 texts of up to \d+ pieces? did not fit"):
        model.decode(["Anna"], drawn(), count=7)


@pytest.mark.parametrize("sampling", [None, SamplingOptions(seed=1)])
def test_a_text_ends_where_nothing_else_is_allowed(
    characterwise: LanguageModel, sampling: SamplingOptions | None
) -> None:
    """If no character may repeat, the alphabet is soon used up."""
    search = replace(LIMIT, max_length=500, min_length=500, no_repeat_ngram=1)
    (output,) = characterwise.decode(["Line"], Decoding(search, sampling))[0]
    ids = [*characterwise.tokenizers.target.encode("Line"), *output.ids]
    assert len(output.ids) < 500
    assert len(set(ids)) == len(ids)
    assert math.isfinite(output.log_probability)


def test_sessions_go_on_with_what_is_typed(model: LanguageModel) -> None:
    session = model.session()
    assert type(session) is Session
    session.settings = session.settings.changed("max_length", "10")
    first = session.say("Anna went")
    assert first == model.generate("Anna went", drawn(1, max_length=10)).removeprefix("Anna went")
    assert session.retry() != first
    with pytest.raises(UserError, match="no attention"):
        session.why()


def test_texts_are_scored_by_themselves(model: LanguageModel, characterwise: LanguageModel) -> None:
    texts = ["Anna went to the river.\n", "小明很高兴。\n", "qzqz qzqz"]
    alone = [model.score([text])[0] for text in texts]
    together = model.score(texts)
    assert [one.log_probability for one in together] == pytest.approx([one.log_probability for one in alone], abs=1e-3)
    assert [one.characters for one in together] == [24, 7, 9]
    assert together[2].log_probability / together[2].characters < together[0].log_probability / together[0].characters
    # A document from a reader already includes its end token.
    assert model.score([("小明很高兴。\n", Mark.END)]) == model.score(["小明很高兴。\n"])
    line = characterwise.score(["we met 7 birds"])[0]
    assert line.tokens == 15
    assert line.end_log_probability < 0


def test_refusals(model: LanguageModel) -> None:
    with pytest.raises(UserError, match=r"A list of prompts is needed, but one text was given: model\.generate"):
        model.decode("Anna")
    with pytest.raises(UserError, match="max_length is 0, but a list of texts needs a limit"):
        model.decode(["Anna"], drawn(max_length=0))
    with pytest.raises(UserError, match=r"stop is \[''\], but it must be a list of texts, none of them empty"):
        model.generate("Anna", stop=[""])
    with pytest.raises(UserError, match="Candidates are ranked by the probability of their source, but this model has"):
        model.generate("Anna", Decoding(LIMIT, SamplingOptions(), RerankOptions(reverse_weight=0.0)))
    with pytest.raises(UserError, match=r"beam_size is 4, but a text without a source is not searched with beams"):
        searched(model, ["Anna"], SearchOptions(beam_size=4))
    blocked = replace(LIMIT, no_repeat_source_ngram=2)
    with pytest.raises(UserError, match="no_repeat_source_ngram is 2, but there is no source whose n-grams could be"):
        model.generate("Anna", Decoding(blocked))
    session = model.session()
    with pytest.raises(
        UserError, match=r"There is no setting 'no_repeat_source_ngram'\. Did you mean 'no_repeat_ngram'"
    ):
        session.settings.changed("no_repeat_source_ngram", "2")
    for wrong, name in ((None, "nothing"), (3, "something of type int")):
        with pytest.raises(UserError, match=rf"A prompt is a text, but {name} was given: model\.generate\(text\)"):
            model.generate(cast(str, wrong))
    with pytest.raises(UserError, match="A list of prompts is needed, but nothing was given"):
        model.decode(cast(list[str], None))
    with pytest.raises(UserError, match="Candidates are ranked by the probability of their source, but this model has"):
        model.decode(["Anna"], Decoding(LIMIT, SamplingOptions()), reverse=model)
    with pytest.raises(UserError, match="1 text came with 2 numbers"):
        model.decode(["Anna"], numbers=[1, 2])
    with pytest.raises(UserError, match=r"A list of texts is needed, but one text was given: give \[text\]"):
        model.score("Anna")
    with pytest.raises(AttributeError, match="This is a model for 'generation': it has no 'translate'"):
        _ = model.translate
