"""Requests of all kinds, each with the texts that the model itself gives for them.

The texts come from `LoadedModel.decode` and from the task's own conversations, not from the server's code. In float32
(PyTorch, or `seq2seq export --precision float32`) a text does not depend on what else is in its batch, except where two
pieces are as good as equally likely; a request whose texts differ between a batch of one and a large batch is left out.
Products of 8-bit exports scale the numbers of a whole batch, so that outputs may depend on it a little.
"""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from benchmarks.serving.connection import FORM_TYPE, JSON_TYPE, json_body, request
from seq2seq.corpus.example import plain
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.plugin.conversation import Conversation, Turn
from seq2seq.plugin.task import TextTask, converses

PIECES = 48
"""Length of continuations; long enough to be streamed in many parts."""
STOP = ". "
VARIED: dict[str, float] = {"temperature": 0.8, "top_p": 0.9}


@dataclass(frozen=True)
class Question:
    """A request.

    Args:
        kind: Name of its kind, for tables.
        path: Path of the endpoint.
        data: The whole request in bytes.
        is_stream: Whether it asks for a stream.
        expected: The texts that the model gives.
    """

    kind: str
    path: str
    data: bytes
    is_stream: bool
    expected: tuple[str, ...]


@dataclass(frozen=True)
class _Draft:
    """A request, whose texts are to be computed."""

    path: str
    fields: dict[str, Any]
    texts: tuple[str, ...]
    decoding: Decoding
    stop: str = ""
    is_form: bool = False
    turns: tuple[Turn, ...] = ()

    @property
    def is_stream(self) -> bool:
        return bool(self.fields.get("stream"))

    @property
    def kind(self) -> str:
        parts = [self.path, "form" if self.is_form else "", "stream" if self.is_stream else ""]
        return " ".join(filter(None, parts))

    def question(self, expected: tuple[str, ...]) -> Question:
        body = urlencode(self.fields).encode() if self.is_form else json_body(**self.fields)
        data = request(self.path, body, FORM_TYPE if self.is_form else JSON_TYPE)
        return Question(self.kind, self.path, data, self.is_stream, expected)


def questions_for(name: str, model: LoadedModel, texts: Sequence[str], seed: int = 1) -> tuple[list[Question], int]:
    """Return requests for a model, some for each text.

    Args:
        name: Name of the model.
        model: The model.
        texts: What people might send.
        seed: Determines the seeds of samples.

    Returns:
        The requests, and the number of those that were left out because their texts depend on the batch.
    """
    draw = random.Random(seed)
    if isinstance(model.task, TextTask):
        drafts = [draft for text in texts for draft in _continuations(name, model, text, draw.randrange(1 << 20))]
    elif converses(model.task):
        drafts = _replies(name, model, texts, draw)
    else:
        drafts = [
            draft
            for place, text in enumerate(texts)
            for draft in _outputs(name, model, text, texts[place - 1], draw.randrange(1 << 20))
        ]
    return _answered(model, drafts)


def sample_texts(model: LoadedModel, count: int) -> list[str]:
    """Return different texts of the sample corpus of a model's task.

    Raises:
        SystemExit: If the task has none.
    """
    corpus = model.task.sample(model.task.reader())
    if corpus is None:
        raise SystemExit(f"The task '{model.task.name}' has no sample corpus.")
    is_source = not isinstance(model.task, TextTask) and not converses(model.task)
    found: dict[str, None] = {}
    for example in corpus.test or corpus.validation:
        text = plain(example.source if is_source else example.target).strip()
        if isinstance(model.task, TextTask):
            text = " ".join(text.split()[:3])
        found[text] = None
        if len(found) == count:
            break
    return list(found)


def _outputs(name: str, model: LoadedModel, text: str, other: str, seed: int) -> list[_Draft]:
    """Return requests to a model that makes another text of each."""
    verb, decoding = f"/{model.task.verb}", model.decoding
    sampled = _sampled(model, seed)
    greedy = Decoding(_search(model, 1))
    several = Decoding(_search(model, max(3, decoding.beams)), count=3)
    both = {"q": text, "model": name}
    options = {"method": "sample", "seed": seed, **VARIED}
    drafts = [
        _Draft(verb, both, (text,), decoding),
        _Draft(verb, {**both, "stream": True, "options": {"beam_size": 1}}, (text,), greedy),
        _Draft(verb, {**both, "stream": True, "options": options}, (text,), sampled),
        _Draft(verb, {**both, "options": options}, (text,), sampled),
        _Draft("/v1/completions", {"model": name, "prompt": text, "temperature": 0}, (text,), decoding),
        _Draft(
            "/v1/chat/completions",
            {"model": name, "messages": [{"role": "user", "content": text}], "n": 2, "seed": seed, "stream": True}
            | VARIED,
            (text,),
            replace(sampled, count=2),
        ),
    ]
    if verb == "/translate":
        fields = {"q": text, "source": "auto", "target": model.reader.target_language, "format": "text"}
        drafts.append(_Draft(verb, {**fields, "alternatives": 2}, (text,), several, is_form=True))
        drafts.append(_Draft(verb, {**fields, "q": [text, other]}, (text, other), decoding))
    return drafts


def _continuations(name: str, model: LoadedModel, text: str, seed: int) -> list[_Draft]:
    """Return requests to a model that continues texts."""
    sampled = _sampled(model, seed, PIECES)
    greedy = Decoding(replace(model.search, max_length=PIECES))
    own = {"prompt": text, "model": name, "options": {"seed": seed, "max_length": PIECES, "method": "sample", **VARIED}}
    openai = {"model": name, "prompt": text, "max_tokens": PIECES, "seed": seed, **VARIED}
    return [
        _Draft("/generate", own, (text,), sampled),
        _Draft("/generate", {**own, "stream": True}, (text,), sampled),
        _Draft("/generate", {**own, "stream": True, "stop": STOP}, (text,), sampled, STOP),
        _Draft("/v1/completions", {**openai, "n": 2}, (text,), replace(sampled, count=2)),
        _Draft("/v1/completions", {**openai, "n": 2, "stream": True}, (text,), replace(sampled, count=2)),
        _Draft(
            "/v1/completions",
            {"model": name, "prompt": text, "max_tokens": PIECES, "temperature": 0, "stream": True},
            (text,),
            greedy,
        ),
    ]


def _replies(name: str, model: LoadedModel, texts: Sequence[str], draw: random.Random) -> list[_Draft]:
    """Return requests to a model that holds conversations, some of them with a history."""
    drafts = []
    for place, text in enumerate(texts):
        seed, said = draw.randrange(1 << 20), [*texts[: place % 3 * 2], text]
        turns = tuple(Turn(turn, number % 2 == 1) for number, turn in enumerate(said))
        messages = [{"role": "assistant" if turn.is_reply else "user", "content": turn.text} for turn in turns]
        sampled, greedy = _sampled(model, seed), Decoding(_search(model, 1))
        own = {"model": name, "messages": messages}
        options = {"method": "sample", "seed": seed, **VARIED}
        drafts += [
            _Draft("/chat", {**own, "options": {"method": "greedy"}}, (text,), greedy, turns=turns),
            _Draft("/chat", {**own, "options": options, "stream": True}, (text,), sampled, turns=turns),
            _Draft("/v1/chat/completions", {**own, "seed": seed, **VARIED}, (text,), sampled, turns=turns),
            _Draft(
                "/v1/chat/completions",
                {**own, "seed": seed, "stream": True, "stream_options": {"include_usage": True}, **VARIED},
                (text,),
                sampled,
                turns=turns,
            ),
        ]
    return drafts


def _search(model: LoadedModel, beams: int) -> WritingOptions:
    """Return the model's search with a number of beams."""
    if not isinstance(model.search, SearchOptions):
        return model.search
    return replace(model.search, beam_size=beams, groups=1, n_best=1)


def _sampled(model: LoadedModel, seed: int, length: int = 0) -> Decoding:
    sampling = replace(model.sampling or SamplingOptions(), seed=seed, **cast(dict[str, Any], VARIED))
    search = _search(model, 1)
    return Decoding(replace(search, max_length=length) if length else search, sampling)


def _answered(model: LoadedModel, drafts: Sequence[_Draft]) -> tuple[list[Question], int]:
    """Compute the texts of requests, each alone and together with others."""
    together: dict[tuple[str, str], tuple[str, ...]] = {}
    groups: dict[str, list[_Draft]] = {}
    for draft in drafts:
        groups.setdefault(json.dumps(draft.decoding.recipe(), default=str) + str(draft.decoding.count), []).append(
            draft
        )
    for recipe, group in groups.items():
        texts = [] if group[0].turns else list(dict.fromkeys(text for draft in group for text in draft.texts))
        outputs = model.decode(texts, group[0].decoding, numbers=[0] * len(texts))
        together |= {
            (recipe, text): tuple(output.text for output in found) for text, found in zip(texts, outputs, strict=True)
        }
    questions, left_out = [], 0
    for recipe, group in groups.items():
        for draft in group:
            if draft.turns:
                questions.append(draft.question((_reply(model, draft),)))
                continue
            found = [tuple(output.text for output in model.decode([text], draft.decoding)[0]) for text in draft.texts]
            if found != [together[recipe, text] for text in draft.texts]:
                left_out += 1
                continue
            texts = [text for each in found for text in each]
            questions.append(
                draft.question(tuple(text.partition(draft.stop)[0] if draft.stop else text for text in texts))
            )
    return questions, left_out


def _reply(model: LoadedModel, draft: _Draft) -> str:
    """Return the reply of the task's own conversation."""
    conversation = model.session()
    assert isinstance(conversation, Conversation)
    sampling = draft.decoding.sampling
    conversation.settings = replace(
        conversation.settings,
        search=draft.decoding.search,
        sample=sampling is not None,
        sampling=sampling or conversation.settings.sampling,
        ranked=False,
    )
    conversation.resume(draft.turns)
    return "".join(conversation.again())
