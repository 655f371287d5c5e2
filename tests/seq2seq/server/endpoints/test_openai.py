"""OpenAI's endpoints, used by OpenAI's own client."""

from collections.abc import Callable
from typing import Any, cast

import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions
from seq2seq.models.language_model import LanguageModel
from seq2seq.plugin.conversation import Conversation
from seq2seq.sessions.session import session_of
from tests.seq2seq.server.endpoints.events import events
from tests.seq2seq.server.services import Running

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "the dog eats"}]


@pytest.fixture
def client(server: Running) -> openai.OpenAI:
    """OpenAI's client for a server in this process."""
    return openai.OpenAI(
        api_key="none", base_url="http://testserver/v1", http_client=cast(Any, server.client), max_retries=0
    )


@pytest.fixture
def author(server: Running) -> LanguageModel:
    """The model that continues texts."""
    return cast(LanguageModel, server.model("author"))


def test_the_models_are_listed(client: openai.OpenAI) -> None:
    models = list(client.models.list())
    assert [model.id for model in models] == ["translator", "summarizer", "partner", "author"]
    assert {model.object for model in models} == {"model"}
    assert client.models.retrieve("partner") == models[2]


def test_a_reply_is_that_of_a_conversation(server: Running, client: openai.OpenAI) -> None:
    chat = cast(Conversation, session_of(server.model("partner")))
    chat.settings = chat.settings.changed("seed", "7").changed("temperature", "0.8").changed("top_p", "0.7")
    chat.persona = ["a red cat"]
    first = chat.say("the dog eats")
    messages: list[ChatCompletionMessageParam] = [
        {"role": "developer", "content": "a red cat"},
        {"role": "user", "content": [{"type": "text", "text": "the dog"}, {"type": "text", "text": "eats"}]},
    ]
    answer = client.chat.completions.create(model="partner", messages=messages, seed=7, temperature=0.8, top_p=0.7)
    (choice,) = answer.choices
    assert choice.message.content == first
    assert choice.message.role == "assistant"
    assert choice.finish_reason in ("stop", "length")
    assert answer.usage is not None
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    messages += [{"role": "assistant", "content": first}, {"role": "user", "content": "today"}]
    again = client.chat.completions.create(model="partner", messages=messages, seed=7, temperature=0.8, top_p=0.7)
    assert again.choices[0].message.content == chat.say("today")


def test_a_stream_is_the_same_reply_in_parts(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="partner", messages=HELLO, seed=3, n=2, logprobs=True)
    stream = client.chat.completions.create(
        model="partner",
        messages=HELLO,
        seed=3,
        n=2,
        logprobs=True,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    for index, choice in enumerate(whole.choices):
        own = [one for chunk in chunks for one in chunk.choices if one.index == index]
        assert own[0].delta.role == "assistant"
        assert "".join(one.delta.content or "" for one in own) == choice.message.content
        assert [one.finish_reason for one in own] == [None] * (len(own) - 1) + [choice.finish_reason]
        assert choice.logprobs is not None
        assert own[-1].logprobs is not None
        expected = [token.logprob for token in choice.logprobs.content or ()]
        assert [token.logprob for token in own[-1].logprobs.content or ()] == pytest.approx(expected, abs=1e-4)
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert len({chunk.id for chunk in chunks}) == 1


def test_the_last_event_says_that_it_is_done(server: Running) -> None:
    for path, fields in (
        ("/v1/chat/completions", {"model": "partner", "messages": HELLO}),
        ("/v1/completions", {"model": "author", "prompt": "the"}),
    ):
        data = events(server.client, path, **fields)
        assert data[-1] == "[DONE]"
        assert "usage" not in data[-2]


def test_no_prompts_have_no_completions(server: Running, client: openai.OpenAI) -> None:
    assert client.completions.create(model="author", prompt=cast(list[str], [])).choices == []
    assert events(server.client, "/v1/completions", model="author", prompt=[]) == ["[DONE]"]


def test_without_a_seed_samples_differ_and_with_one_they_do_not(client: openai.OpenAI) -> None:
    def replies(**options: Any) -> set[str | None]:  # noqa: ANN401
        answers = [client.chat.completions.create(model="partner", messages=HELLO, **options) for _ in range(3)]
        return {answer.choices[0].message.content for answer in answers}

    assert len(replies()) == 3
    assert len(replies(seed=5)) == 1
    assert len(replies(temperature=0)) == 1


def test_a_reply_ends_at_a_limit_or_before_a_stop_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="partner", messages=HELLO, seed=3).choices[0].message.content or ""
    short = client.chat.completions.create(model="partner", messages=HELLO, seed=3, max_completion_tokens=2)
    assert short.choices[0].finish_reason == "length"
    assert short.usage is not None
    assert short.usage.completion_tokens == 2
    assert whole.startswith(short.choices[0].message.content or "?")
    old = client.chat.completions.create(model="partner", messages=HELLO, seed=3, max_tokens=2)
    assert old.choices == short.choices
    stop = whole[6:8]
    cut = client.chat.completions.create(model="partner", messages=HELLO, seed=3, stop=stop)
    assert cut.choices[0].message.content == whole[: whole.find(stop)]


@pytest.mark.parametrize("model", ["translator", "summarizer"])
def test_a_model_of_texts_takes_the_last_message(server: Running, client: openai.OpenAI, model: str) -> None:
    loaded = server.model(model)
    search = Decoding(loaded.search, count=2)
    outputs = loaded.decode(["the dog eats"], search)[0]
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": "a bird"}, *HELLO]
    answer = client.chat.completions.create(model=model, messages=messages, n=2)
    assert [choice.message.content for choice in answer.choices] == [output.text for output in outputs]
    completed = client.completions.create(model=model, prompt="the dog eats", n=2)
    assert [choice.text for choice in completed.choices] == [output.text for output in outputs]
    stream = client.completions.create(model=model, prompt="the dog eats", n=2, stream=True)
    parts = [choice for chunk in stream for choice in chunk.choices]
    assert [choice.text for choice in parts if choice.text] == [output.text for output in outputs]


def test_prompts_are_continued(client: openai.OpenAI, author: LanguageModel) -> None:
    sampling = SamplingOptions(temperature=0.9, min_p=0.02, seed=4)
    decoding = Decoding(author.search, sampling, count=2)
    outputs = author.decode(["the", "大狗"], decoding)
    answer = client.completions.create(
        model="author", prompt=["the", "大狗"], n=2, seed=4, temperature=0.9, logprobs=0, echo=True
    )
    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    expected = [
        prompt + output.text for prompt, found in zip(["the", "大狗"], outputs, strict=True) for output in found
    ]
    assert [choice.text for choice in answer.choices] == expected
    for choice in answer.choices:
        assert choice.logprobs is not None
        assert choice.logprobs.tokens
        assert choice.logprobs.token_logprobs
        assert choice.logprobs.text_offset
        assert len(choice.logprobs.tokens) == len(choice.logprobs.token_logprobs)
        assert max(choice.logprobs.token_logprobs) <= 0
    stream = client.completions.create(
        model="author", prompt=["the", "大狗"], n=2, seed=4, temperature=0.9, echo=True, stream=True
    )
    texts = dict.fromkeys(range(4), "")
    ends: dict[int, str | None] = {}
    for chunk in stream:
        for choice in chunk.choices:
            texts[choice.index] += choice.text
            ends[choice.index] = choice.finish_reason
    assert list(texts.values()) == expected
    assert ends == {choice.index: choice.finish_reason for choice in answer.choices}


def test_a_conversation_may_begin_with_a_prompt(server: Running, client: openai.OpenAI) -> None:
    answer = client.completions.create(model="partner", prompt="the dog eats", temperature=0)
    chat = client.chat.completions.create(model="partner", messages=HELLO, temperature=0)
    assert answer.choices[0].text == chat.choices[0].message.content


@pytest.mark.parametrize("model", ["translator", "partner", "author"])
def test_equal_prompts_get_samples_of_their_own(client: openai.OpenAI, model: str) -> None:
    asked: dict[str, Any] = {"model": model, "prompt": ["the dog eats"] * 2, "n": 2, "seed": 5, "temperature": 2}
    texts = [choice.text for choice in client.completions.create(**asked).choices]
    assert len(set(texts)) == 4
    parts = dict.fromkeys(range(4), "")
    for chunk in client.completions.create(**asked, stream=True):
        for choice in chunk.choices:
            parts[choice.index] += choice.text
    assert list(parts.values()) == texts


def test_equal_outputs_of_the_likeliest_pieces_are_repeated(client: openai.OpenAI) -> None:
    answer = client.completions.create(model="author", prompt="the", temperature=0, n=3, max_tokens=4)
    assert len({choice.text for choice in answer.choices}) == 1
    assert len(answer.choices) == 3


REFUSED: list[tuple[Callable[[openai.OpenAI], object], type[openai.APIStatusError], str]] = [
    (
        lambda client: client.embeddings.create(model="author", input="a"),
        openai.NotFoundError,
        "There is no /v1/embeddings here. GET /openapi.json describes what there is.",
    ),
    (
        lambda client: client.responses.create(model="author", input="a"),
        openai.NotFoundError,
        "There is no /v1/responses here. GET /openapi.json describes what there is.",
    ),
    (
        lambda client: client.chat.completions.create(model="partner2", messages=HELLO),
        openai.NotFoundError,
        "There is no model 'partner2'. Did you mean 'partner'? There are: translator, summarizer, partner, author.",
    ),
    (
        lambda client: client.models.retrieve("a/b"),
        openai.NotFoundError,
        "There is no model 'a/b'. There are: translator, summarizer, partner, author.",
    ),
    (
        lambda client: client.chat.completions.create(model="partner", messages=[]),
        openai.BadRequestError,
        "There is no message to reply to: the last message must be the user's.",
    ),
    (
        lambda client: client.chat.completions.create(model="translator", messages=[]),
        openai.BadRequestError,
        "There is no message of the user.",
    ),
    (
        lambda client: client.chat.completions.create(
            model="partner",
            messages=[
                {
                    "role": "user",
                    "content": [{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}],
                }
            ],
        ),
        openai.BadRequestError,
        "These models read text, but no 'image_url'.",
    ),
    (
        lambda client: client.chat.completions.create(
            model="partner", messages=[{"role": "tool", "content": "a", "tool_call_id": "b"}]
        ),
        openai.BadRequestError,
        "These models use no tools.",
    ),
    (
        lambda client: client.chat.completions.create(model="partner", messages=HELLO, logprobs=True, top_logprobs=2),
        openai.BadRequestError,
        "top_logprobs is 2, but only log probabilities of the reply's own tokens are kept, which logprobs returns: "
        "leave out top_logprobs.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt=[1, 2]),
        openai.BadRequestError,
        "prompt[0] must be a text, but it is a whole number.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", n=99),
        openai.BadRequestError,
        "The number of outputs is 99, but this server allows at most 16.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", temperature=0, n=17),
        openai.BadRequestError,
        "The number of outputs is 17, but this server allows at most 16.",
    ),
    (
        lambda client: client.chat.completions.create(model="partner", messages=HELLO, temperature=0, n=17),
        openai.BadRequestError,
        "The number of outputs is 17, but this server allows at most 16.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", n=0),
        openai.BadRequestError,
        "n is 0, but it must be at least 1.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", max_tokens=0),
        openai.BadRequestError,
        "max_tokens is 0, but it must be at least 1.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", temperature=-1),
        openai.BadRequestError,
        "temperature is -1.0, but it must be at least 0.001.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a", stop=["a"] * 17),
        openai.BadRequestError,
        "stop has 17 texts, but at most 16 work.",
    ),
    (
        lambda client: client.completions.create(model="author", prompt="a" * 20_001),
        openai.BadRequestError,
        "The text has 20,001 characters, but this server takes at most 20,000: send it in parts.",
    ),
]


@pytest.mark.parametrize(("ask", "kind", "sentence"), REFUSED, ids=[sentence[:40] for *_, sentence in REFUSED])
def test_a_refusal_has_openais_form(
    client: openai.OpenAI,
    ask: Callable[[openai.OpenAI], object],
    kind: type[openai.APIStatusError],
    sentence: str,
) -> None:
    with pytest.raises(kind) as refused:
        ask(client)
    body = cast(dict[str, Any], refused.value.body)
    assert body["message"] == sentence
    assert set(body) == {"message", "type", "param", "code"}
    assert body["type"] == "invalid_request_error"


def test_a_wrong_method_is_refused_in_the_same_form(server: Running) -> None:
    assert server.get("/v1/completions", 405)["error"]["message"] == "/v1/completions does not take GET, but POST."
