"""The benchmark of the server runs all of its parts, and notices what is wrong with replies."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import perf_counter

import pytest

from benchmarks import serve
from benchmarks.serving.connection import Connection, LostReplyError, Reply, request
from benchmarks.serving.load import BUSY, DIFFERENT, DOUBLED, FAILED, LOST, RIGHT, SWAPPED, Judge, Tally, asking
from benchmarks.serving.questions import Question
from benchmarks.serving.replies import WrongFormError, texts_in
from tests.recorded.models import write

CHATS, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
FIRST, SECOND = (Question("/chat", "/chat", request("/chat", b"{}"), False, (text,)) for text in ("one", "two"))


def events(*data: object) -> bytes:
    return "".join(f"data: {each if isinstance(each, str) else json.dumps(each)}\n\n" for each in data).encode()


def chunk(index: int, text: str, end: str | None = None) -> dict[str, object]:
    return {"choices": [{"index": index, "delta": {"content": text}, "finish_reason": end}]}


def test_texts_are_read_from_the_replies_of_all_endpoints() -> None:
    answers = {
        "/translate": {"translatedText": "a", "alternatives": ["b", "c"]},
        "/summarize": {"summary": ["a", "b", "c"]},
        "/generate": {"text": "a", "alternatives": ["b", "c"]},
        COMPLETIONS: {"choices": [{"text": text} for text in "abc"]},
        CHATS: {"choices": [{"message": {"content": text}} for text in "abc"]},
    }
    for path, answer in answers.items():
        assert texts_in(path, json.dumps(answer).encode(), is_stream=False) == ("a", "b", "c")


def test_texts_are_read_from_streams() -> None:
    own = events({"text": "Hel"}, {"text": "lo"}, {"reply": "Hello", "done": True})
    assert texts_in("/chat", own, is_stream=True) == ("Hello",)
    mixed = events(chunk(1, "b"), chunk(0, "a"), chunk(1, "c", "stop"), chunk(0, "", "length"), {"choices": []})
    assert texts_in(CHATS, mixed + events("[DONE]"), is_stream=True) == ("a", "bc")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/chat", events({"text": "Hel"}, {"text": "lo"})),
        ("/chat", events({"text": "Hel"}, {"text": "Hel"}, {"text": "lo"}, {"reply": "Hello", "done": True})),
        ("/chat", events({"text": "Hello"}) + b"data: {"),
        (CHATS, events(chunk(0, "a", "stop"))),
        (CHATS, events(chunk(0, "a"), "[DONE]")),
        (CHATS, events(chunk(0, "a", "stop"), chunk(0, "b"), "[DONE]")),
    ],
)
def test_a_stream_without_its_end_or_with_a_part_too_many_is_noticed(path: str, body: bytes) -> None:
    with pytest.raises(WrongFormError):
        texts_in(path, body, is_stream=True)


@pytest.mark.parametrize(
    ("status", "headers", "text", "end"),
    [
        (200, {}, "one", RIGHT),
        (200, {}, "two", SWAPPED),
        (200, {}, "three", DIFFERENT),
        (503, {"retry-after": "1"}, "", BUSY),
        (503, {}, "", FAILED),
        (500, {}, "", FAILED),
    ],
)
def test_a_reply_is_judged_by_what_the_model_gives(status: int, headers: dict[str, str], text: str, end: str) -> None:
    tally = Tally()
    reply = Reply(status, headers, json.dumps({"reply": text}).encode(), 0.0, 0.0)
    assert Judge([FIRST, SECOND]).end_of(FIRST, reply, tally) == end
    assert len(tally.wrong) == (end not in (RIGHT, BUSY))


async def served(answer: bytes, use: Callable[[int], Awaitable[None]]) -> None:
    """Answer each request on each connection with some bytes, and close it if they end with a dot."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            writer.write(answer.removesuffix(b"."))
            await writer.drain()
            if answer.endswith(b"."):
                break
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    await use(server.sockets[0].getsockname()[1])
    server.close()


def test_chunks_are_put_together() -> None:
    async def use(port: int) -> None:
        connection = await Connection.open(port)
        for _ in range(2):
            reply = await connection.ask(request("/chat", b"{}"))
            assert (reply.status, reply.headers["a"], reply.body) == (200, "b", b"Hello")
        connection.close()

    chunks = b"HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nHel\r\n2\r\nlo\r\n0\r\n\r\n"
    asyncio.run(served(chunks, use))


def test_a_reply_that_ends_too_early_is_lost() -> None:
    async def use(port: int) -> None:
        connection = await Connection.open(port)
        with pytest.raises(LostReplyError) as lost:
            await connection.ask(request("/chat", b"{}"))
        assert lost.value.received == 43
        connection.close()

    asyncio.run(served(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHello.", use))


@pytest.mark.parametrize(
    ("answer", "end"),
    [
        (b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"reply":"one"}', RIGHT),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"reply":"two"}', SWAPPED),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{"reply":"one"}HTTP/1.1 200 OK', DOUBLED),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n{"reply":"one"}.', LOST),
    ],
)
def test_clients_count_what_happens_to_their_requests(answer: bytes, end: str) -> None:
    tally = Tally()

    async def use(port: int) -> None:
        until = perf_counter() + 0.1
        await asking(port, [FIRST], Judge([FIRST, SECOND]), tally, until, 1)

    asyncio.run(served(answer, use))
    assert tally.ends[end] > 0
    assert set(tally.ends) <= {end, RIGHT}
    assert (tally.faults() == 0) == (end == RIGHT)


@pytest.mark.slow
def test_all_parts_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path)
    models = [str(tmp_path / name) for name in ("translator", "summarizer", "partner", "author")]
    sizes = (
        "--clients 6 --minutes 0.05 --texts 2 --kills 9 --restarts 2 --restart_clients 4 --lines 12 --rounds 1 "
        "--half 1 --lines_per_request 5"
    )
    assert serve.main([*models, *sizes.split(), "--json", str(tmp_path / "figures.json")]) == 0, capsys.readouterr().out
    load, throughput, kills, restarts = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"]
    assert load["counted"] == load["ends"]["right"] > 0
    assert load["memory_first"] > 20
    kinds = {kind["kind"] for kind in load["kinds"]}
    assert {path.split(" ")[0] for path in kinds} == {
        "/translate",
        "/summarize",
        "/chat",
        "/generate",
        CHATS,
        COMPLETIONS,
    }
    assert throughput["equal"] == 1.0
    assert min(throughput["start_s"], throughput["served_per_second"], throughput["half_p99"]) > 0
    assert [len(passes) for passes in throughput["rounds"].values()] == [1, 1]
    assert sum(kills["kills"].values()) >= 9
    assert kills["still_running"] == 0
    assert kills["after"]["files"] == kills["before"]["files"]
    assert restarts["exit_codes"] == {"0": 2}
    assert restarts["replies"] > 0
    assert restarts["lost"] == 0
    assert "| request | replies | p50, ms |" in capsys.readouterr().out
