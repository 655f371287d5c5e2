"""``seq2seq serve`` as a whole: real clients, real processes, real signals."""

import asyncio
import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from deep_translator import LibreTranslator
from libretranslatepy import LibreTranslateAPI

from seq2seq import cli
from seq2seq.commands import serve
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.models import bundle
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.http.api_keys import ApiKeys
from tests.environments import REPOSITORY
from tests.recorded import models as recorded
from tests.seq2seq.server.server_process import NAMES, ServerProcess

TEXT = "the big dog eats two books"
MESSAGES: list[Any] = [{"role": "user", "content": TEXT}]


@pytest.fixture(scope="module", params=["torch", "onnx"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models of every task: of PyTorch, which decodes in the server's process, or of ONNX Runtime."""
    folder = tmp_path_factory.mktemp("models")
    recorded.write(folder)
    if request.param == "torch":
        return folder
    exports = tmp_path_factory.mktemp("exports")
    for name in (*NAMES, "deep"):
        write_onnx(exports / name, bundle.load(folder / name), "float32", ())
    return exports


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[ServerProcess]:
    """A server with a model of each task."""
    with ServerProcess(*NAMES, "--port", "0", folder=folder) as server:
        yield server


def own(folder: Path, name: str, text: str = TEXT) -> str:
    """Return a model's own output."""
    model: LoadedModel = load(folder / name)
    return model.decode([text])[0][0].text


def curl(*words: str) -> Any:  # noqa: ANN401 - values of JSON
    """Run curl, and return the JSON that it gets."""
    done = subprocess.run(["curl", "-sS", *words], capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.slow
def test_it_says_where_it_is_and_what_to_try(server: ServerProcess, folder: Path) -> None:
    assert re.fullmatch(r"Serving at http://127\.0\.0\.1:\d+", server.greeting[0])
    assert server.greeting[1:5] == [
        "  translator  translation en-zh, POST /translate",
        "  summarizer  summarization, POST /summarize",
        "  partner     dialogue, POST /chat",
        "  author      generation, POST /generate",
    ]
    assert server.greeting[5] == "Try:"
    first, second, third = (line.strip() for line in server.greeting[6:])
    assert curl(*shlex.split(first)[1:])["translatedText"] == own(folder, "translator", "Hello.")
    assert curl(*shlex.split(second)[1:])["choices"][0]["text"] == own(folder, "translator", "Hello.")
    assert third == f"{server.address}/docs and {server.address}/ in a browser"
    for path in ("/", "/docs"):
        page = httpx2.get(server.address + path)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.slow
def test_clients_of_libretranslate(server: ServerProcess, folder: Path) -> None:
    wanted = own(folder, "translator")
    client = LibreTranslateAPI(server.address)
    assert client.translate(TEXT, "en", "zh") == wanted
    assert client.detect(TEXT) == [{"confidence": 100.0, "language": "en"}]
    assert client.languages()[0] == {"code": "en", "name": "English", "targets": ["zh"]}
    other = LibreTranslator(source="en", target="zh", api_key="none", custom_url=f"{server.address}/")
    assert other.translate(TEXT) == wanted
    assert other.translate_batch([TEXT, "a bird"]) == [wanted, own(folder, "translator", "a bird")]


@pytest.mark.slow
def test_curl_in_all_forms(server: ServerProcess, folder: Path, tmp_path: Path) -> None:
    wanted, address = own(folder, "translator"), f"{server.address}/translate"
    body = json.dumps({"q": TEXT, "source": "en", "target": "zh"})
    for words in (
        [address, "-H", "Content-Type: application/json", "-d", body],
        [address, "-d", f"q={TEXT}", "-d", "source=en", "-d", "target=zh"],
        [address, "-F", f"q={TEXT}", "-F", "source=en", "-F", "target=zh"],
        ["-X", "POST", f"{address}?q={TEXT.replace(' ', '+')}&source=en&target=zh"],
        [address, "-H", "Transfer-Encoding: chunked", "-H", "Content-Type: application/json", "-d", body],
    ):
        assert curl(*words)["translatedText"] == wanted, words
    (tmp_path / "in.txt").write_text(f"{TEXT}\n", encoding="utf-8")
    url = curl(f"{server.address}/translate_file", "-F", f"file=@{tmp_path}/in.txt")["translatedFileUrl"]
    subprocess.run(["curl", "-sS", url, "-o", str(tmp_path / "out.txt")], check=True)
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == f"{wanted}\n"
    (tmp_path / "in.json").write_text(json.dumps({"text": TEXT}), encoding="utf-8")
    answer = curl(f"{server.address}/translate_file", "-F", f"file=@{tmp_path}/in.json", "-F", "target=zh")
    assert answer["report"] == {"texts": 1, "translated": 1, "finished": 0, "noted": 0, "notes": []}
    assert curl(answer["translatedFileUrl"]) == {"text": wanted}


@pytest.mark.slow
def test_openais_client_with_and_without_threads(server: ServerProcess) -> None:
    client = openai.OpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0)
    whole = client.chat.completions.create(model="partner", messages=MESSAGES, seed=3)
    content = whole.choices[0].message.content
    stream = client.chat.completions.create(model="partner", messages=MESSAGES, seed=3, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == content
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="partner", input="a")

    async def together() -> list[str]:
        async with openai.AsyncOpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as other:

            async def one(seed: int) -> str:
                stream = await other.chat.completions.create(model="partner", messages=MESSAGES, seed=seed, stream=True)
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

            return list(await asyncio.gather(*(one(number % 4) for number in range(24))))

    replies = asyncio.run(together())
    assert replies[3] == content
    assert replies[:4] * 6 == replies
    assert len(set(replies)) == 4


def running_jobs(server: ServerProcess) -> float:
    """Return the number of texts that are being decoded or wait."""
    text = httpx2.get(f"{server.address}/metrics").text
    return sum(float(value) for value in re.findall(r"^seq2seq_(?:running|queued)_jobs\S* (\S+)$", text, re.MULTILINE))


@pytest.mark.slow
def test_clients_that_vanish_leave_nothing_behind(server: ServerProcess) -> None:
    body = json.dumps({"prompt": "the", "stream": True, "options": {"max_length": 2000, "temperature": 3}})
    request = (
        f"POST /generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()
    for number in range(40):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(request[: len(request) - (5 if number % 4 == 0 else 0)])
            if number % 4 > 1:
                assert connection.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
    end = time.monotonic() + 20
    while running_jobs(server) and time.monotonic() < end:
        time.sleep(0.1)
    assert running_jobs(server) == 0
    assert httpx2.post(f"{server.address}/translate", json={"q": TEXT}).status_code == 200


@pytest.mark.slow
def test_garbage_is_refused(server: ServerProcess) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01", b"GET / HTTP/9\r\n\r\n", b"A" * 100_000, b"GET /\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(garbage)
            assert connection.recv(100).startswith(b"HTTP/1.1 400")
    for path in ("/page/../../pyproject.toml", "/page/%2e%2e/%2e%2e/pyproject.toml", "/page//etc/passwd"):
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
            assert answer.startswith(b"HTTP/1.1 404"), path


@pytest.mark.slow
def test_clients_that_send_slowly_are_cut_off(folder: Path) -> None:
    with ServerProcess("translator", "--port", "0", "--body_timeout", "1", folder=folder) as server:
        head = b"POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(head + b"{")
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
            assert answer.startswith(b"HTTP/1.1 408")
            assert b"The body did not arrive within 1 seconds." in answer
        with socket.create_connection(("127.0.0.1", server.port), timeout=40) as connection:
            began = time.monotonic()
            connection.sendall(head[:30])
            assert connection.recv(100) == b""
            assert 10 < time.monotonic() - began < 35
        assert server.end() == 0


def ask(address: str, number: int) -> tuple[int, Any]:
    """Send a request, and return its number with the answer; None if no server took the connection."""
    fields = {"q": f"{TEXT} {number}", "target": "zh"}
    try:
        answer = httpx2.post(f"{address}/translate", json=fields, timeout=60, verify=False)
    except (httpx2.ConnectError, httpx2.ReadError):  # a connection that nobody has accepted yet is reset
        return number, None
    return number, answer


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_sigterm_under_load_loses_no_answer(folder: Path, workers: int) -> None:
    with ServerProcess("translator", "--port", "0", "--workers", str(workers), folder=folder) as server:
        with ThreadPoolExecutor(16) as pool:
            answers = [pool.submit(ask, server.address, number) for number in range(160)]
            while sum(one.done() for one in answers) < 20:
                time.sleep(0.01)
            assert server.end() == 0, server.errors
            results = [one.result() for one in answers]
        model = load(folder / "translator")
        answered = [(number, answer) for number, answer in results if answer is not None]
        assert len(answered) >= 20
        for number, answer in answered:
            assert answer.status_code == 200, answer.text
            assert answer.json()["translatedText"] == model.decode([f"{TEXT} {number}"])[0][0].text
        assert server.errors.count("POST /translate 200") == server.errors.count("POST") == len(answered)
        assert "Traceback" not in server.errors


@pytest.mark.slow
def test_sigint_stops_at_once(folder: Path) -> None:
    with ServerProcess("author", "--port", "0", folder=folder) as server:
        body = {"prompt": "the", "options": {"max_length": 2000, "temperature": 3}}
        thread = threading.Thread(target=lambda: _give_up(server, body))
        thread.start()
        while not running_jobs(server):
            time.sleep(0.01)
        assert server.end(signal.SIGINT) == 130
        assert "seq2seq: Stopped by SIGINT." in server.errors
        thread.join()


def _give_up(server: ServerProcess, body: dict[str, Any]) -> None:
    while True:
        try:
            httpx2.post(f"{server.address}/generate", json=body, timeout=60)
        except httpx2.HTTPError:
            return


@pytest.mark.slow
def test_workers_share_everything_and_are_replaced(folder: Path) -> None:
    words = ["translator", "author", "--port", "0", "--workers", "2"]
    with ServerProcess(*words, folder=folder) as server:
        file = {"file": ("a.txt", f"{TEXT}\n".encode())}
        url = httpx2.post(f"{server.address}/translate_file", files=file).json()["translatedFileUrl"]
        for _ in range(12):
            assert httpx2.get(url).text == f"{own(folder, 'translator')}\n"
        time.sleep(1.5)
        metrics = httpx2.get(f"{server.address}/metrics").text
        counted = re.findall(
            r'^seq2seq_requests_total\{worker="(\d)",path="/download_file/\{name\}".* (\d+)$', metrics, re.M
        )
        assert sum(int(count) for _, count in counted) == 12
        assert {'worker="1"', 'worker="2"'} <= set(re.findall(r'worker="\d"', metrics))
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="utf-8")
        os.kill(int(children.split()[0]), signal.SIGKILL)
        end = time.monotonic() + 60
        while "another takes its place" not in server.errors and time.monotonic() < end:
            time.sleep(0.1)
        for _ in range(20):
            assert httpx2.post(f"{server.address}/translate", json={"q": TEXT}, timeout=60).status_code == 200
        assert server.end() == 0
        assert "worker 1 ended with -9; another takes its place." in server.errors


@pytest.mark.slow
def test_the_server_ends_with_the_process_that_decodes(folder: Path) -> None:
    with ServerProcess("author", "--port", "0", folder=folder) as server:
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="utf-8")
        if not (folder / "author" / "step.onnx").exists():
            assert not children
            return
        os.kill(int(children), signal.SIGKILL)
        assert server.wait() == 1
        assert "The decoding process was killed by SIGKILL" in server.errors


@pytest.mark.slow
def test_a_decoding_process_that_dies_at_the_start_is_a_sentence(folder: Path) -> None:
    if not (folder / "author" / "step.onnx").exists():
        return
    process = subprocess.Popen(
        [sys.executable, "-m", "seq2seq", "serve", "author", "translator", "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tasks")])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    while not (children := Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")):
        time.sleep(0.001)
    os.kill(int(children), signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "The decoding process was killed by SIGKILL" in errors
    assert "Traceback" not in errors


@pytest.mark.slow
def test_a_changed_model_is_loaded_again_on_request(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "translator", tmp_path / "model")
    with ServerProcess("model", "--port", "0", folder=tmp_path) as server:

        def translated() -> str:
            return str(
                httpx2.post(f"{server.address}/translate", json={"q": TEXT, "target": "zh"}).json()["translatedText"]
            )

        def reload(sentence: str) -> None:
            server.process.send_signal(signal.SIGUSR1)
            end = time.monotonic() + 30
            while sentence not in server.errors and time.monotonic() < end:
                time.sleep(0.05)
            assert sentence in server.errors

        before = translated()
        reload("No model has changed.")
        shutil.copytree(folder / "deep", tmp_path / "model", dirs_exist_ok=True)
        assert translated() == before
        reload("The model 'model' was loaded again")
        after = translated()
        assert after == own(folder, "deep") != before
        name = "step.onnx" if (tmp_path / "model" / "step.onnx").exists() else "model.safetensors"
        (tmp_path / "model" / name).write_bytes(b"broken")
        reload("The model 'model' stays as it was")
        assert translated() == after
        shutil.rmtree(tmp_path / "model")
        assert translated() == after
        assert server.end() == 0


@pytest.mark.slow
def test_keys_and_logs_of_a_whole_process(folder: Path, tmp_path: Path) -> None:
    paths = ["--keys", str(tmp_path / "keys"), "--exchange_log", str(tmp_path / "log.sqlite")]
    done = subprocess.run(
        [*_command(), "--new_key", str(tmp_path / "keys"), "--key_name", "ann"],
        capture_output=True,
        text=True,
        check=True,
    )
    key = done.stdout.strip()
    assert done.stderr.endswith("keys has the hash of this key, which is shown only now:\n")
    assert ApiKeys.read(tmp_path / "keys").name_of(key) == "ann"
    with ServerProcess("translator", "--port", "0", *paths, folder=folder) as server:
        assert LibreTranslateAPI(server.address, key).translate(TEXT, "en", "zh") == own(folder, "translator")
        assert httpx2.post(f"{server.address}/translate", json={"q": TEXT}).status_code == 401
        client = openai.OpenAI(base_url=f"{server.address}/v1", api_key="wrong", max_retries=0)
        with pytest.raises(openai.AuthenticationError):
            client.models.list()
        assert server.end() == 0
        assert "127.0.0.1 ann POST /translate 200" in server.errors
        assert TEXT not in server.errors
    assert (tmp_path / "log.sqlite").stat().st_size > 0


def _command() -> list[str]:
    import sys

    return [sys.executable, "-m", "seq2seq", "serve"]


# Mistakes of the user, each one sentence and exit code 2.


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the command, which must refuse, and return its sentence."""
    assert cli.main(["serve", *words]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.count("\n") == 1
    return output.err.removeprefix("seq2seq: ").rstrip("\n")


def test_a_port_in_use_is_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert refused(capsys, str(model), "--port", str(port)) == (
            f"Port {port} of 127.0.0.1 is in use by another program: choose another with --port, or --port 0 for any."
        )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "No model is named: seq2seq serve MODEL [MODEL ...]. See seq2seq serve --help."),
        (["missing"], "There is no folder missing: a model is a run folder, its folder bundle, or an exported folder."),
        (["{model.parent}"], "{model.parent} is not a model, but contains models. Name them: seq2seq serve {model}"),
        (
            ["{model}", "--host", "no host"],
            "--host is 'no host', which is not an address of this machine: 127.0.0.1 is for this machine alone, "
            "0.0.0.0 for all that can reach it.",
        ),
        (
            ["{model}", "--host", "192.0.2.7"],
            "--host is '192.0.2.7', which is not an address of this machine: Cannot assign requested address.",
        ),
        (["{model}", "--port", "65536"], "--port is 65536, but it must lie between 0 and 65,535."),
        (["{model}", "--port", "x"], "Argument --port: invalid int value: 'x'. See seq2seq serve --help."),
        (["{model}", "--workers", "0"], "--workers is 0, but it must be at least 1."),
        (["{model}", "--queue", "0", "--port", "0"], "--queue is 0, but it must be at least 1."),
        (["{model}", "--timeout", "0", "--port", "0"], "--timeout is 0.0, but it must be at least 0.001."),
        (["{model}", "--device", "moon", "--port", "0"], "moon"),
        (["{model}", "--cors", "example.com"], "--cors is 'example.com', but it must be an origin such as "),
        (["{model}", "--keys", "missing"], "There is no file missing of API keys: make it with seq2seq "),
        (["{model}", "--glossary", "missing.tsv"], "No file missing.tsv."),
        (["{model}", "--key_name", "ann"], "--key_name names a new key: give --new_key FILE, too."),
        (["{model}", "--new_key", "keys"], "--new_key only makes a key and serves nothing: leave out the models."),
        (
            ["--new_key", "k", "--key_name", "a\nb"],
            "--key_name is 'a b', but it must be up to 100 printable characters ",
        ),
        (["--new_key", "k", "--key_name", ""], "--key_name is '', but it must be up to 100 printable characters "),
        (["{model}", "{model}"], "Two models are named 'model', "),
        (["{model}", "--quue", "3"], "There is no option --quue. Did you mean '--queue'? See seq2seq serve --help."),
    ],
)
def test_a_mistake_gets_a_sentence(
    model: Path, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    said = refused(capsys, *(word.format(model=model) for word in words))
    assert sentence.format(model=model) in said


def test_a_broken_model_is_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (model / "model.safetensors").write_bytes(b"broken")
    assert str(model) in refused(capsys, str(model), "--port", "0")


def test_a_missing_extra_is_named(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "uvicorn" else find(name))
    assert refused(capsys, str(model)) == "seq2seq serve needs uvicorn: pip install 'lstm-seq2seq[serve]'."


def test_help_fits_and_names_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["serve", "--help"])
    output = capsys.readouterr().out
    for option in ("--host", "--port", "--workers", "--keys", "--new_key", "--queue", "--max_body", "--exchange_log"):
        assert option in output
