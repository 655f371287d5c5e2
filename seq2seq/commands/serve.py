"""``seq2seq serve``: models behind an HTTP server, for other programs and for people in a browser."""

import os
import re
import shlex
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError
from seq2seq.safe_text import in_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence
    from socket import socket

    from seq2seq.decoding.phrases.glossary import Glossary
    from seq2seq.server.http.api_keys import ApiKeys
    from seq2seq.server.served_models import Named, ServedModel, ServedModels

SUMMARY = "serve models over HTTP, with a page"
NEEDED = ("starlette", "uvicorn", "httptools", "python_multipart", "py3langid")
"""Packages of the extra `serve`, by import name."""
HOST, PORT, DRAIN_S, MOST_WORKERS = "127.0.0.1", 8000, 30.0, 256
LONGEST_NAME = 100
"""Maximum length of a key's name, in characters."""
DESCRIPTION = """Serve models over HTTP: seq2seq serve MODEL [MODEL ...]

MODEL is a run folder or an exported model folder, or NAME=FOLDER to choose the name that requests use. The server
speaks as LibreTranslate does (/translate), as OpenAI does (/v1/chat/completions, /v1/completions), and in its own way
(/summarize, /generate, /chat). The page for people is at /, and /docs describes everything.
"""
_ORIGIN = re.compile(r"\*|https?://[A-Za-z0-9.\-\[\]:]+")


def main(arguments: list[str]) -> int:
    """Serve models until a signal comes."""
    from seq2seq.command_line.arguments import counted
    from seq2seq.options import within

    options = parser().parse_args(arguments)
    require_extra()
    if options.new_key is not None:
        return make_key(options)
    if options.key_name is not None:
        raise UserError("--key_name names a new key: give --new_key FILE, too.")
    if not options.models:
        raise UserError("No model is named: seq2seq serve MODEL [MODEL ...]. See seq2seq serve --help.")
    within("--port", options.port, 0, 65535, whole=True)
    counted("--workers", options.workers, MOST_WORKERS)
    within("--drain", options.drain, 1, 86_400)
    for origin in options.cors:
        if not _ORIGIN.fullmatch(origin):
            raise UserError(f"--cors is '{origin}', but it must be an origin such as https://example.com, or '*'.")

    from seq2seq.server.http.listening import address_of, bound, is_loopback
    from seq2seq.server.http.workers import Worker, Workers
    from seq2seq.server.served_models import named

    models = named(options.models)
    given = Given(models, keys_of(options), glossary_of(options, models))  # refuses a wrong file first
    worker = Worker.here()
    if worker is not None:
        sockets = worker.opened()
        serve_here(options, given, sockets, Path(worker.folder), lambda _models: worker.say_ready(), worker.number)
        return 0
    if given.glossary is not None and given.glossary.note:
        print(in_line(given.glossary.note), file=sys.stderr)
    sockets = bound(options.host, options.port)
    address = address_of(sockets, options.host)
    if given.keys is None and not is_loopback(sockets):
        print(
            f"Others can reach this server and use its models: {options.host} is not for this machine alone, and there "
            "are no API keys (--keys FILE).",
            file=sys.stderr,
        )
    with tempfile.TemporaryDirectory(prefix="seq2seq-serve-") as folder:
        if options.workers == 1:
            return serve_here(options, given, sockets, Path(folder), lambda loaded: greet(address, loaded))
        for one in sockets:
            one.set_inheritable(True)
        workers = Workers(arguments, sockets, Path(folder))
        return workers.run(options.workers, lambda: greet_for_workers(address, [one.name for one in models]))


@dataclass(frozen=True)
class Given:
    """What the arguments name.

    Args:
        models: The models.
        keys: The accepted API keys; None if none are needed.
        glossary: The glossary of all translations, if any.
    """

    models: "Sequence[Named]"
    keys: "ApiKeys | None"
    glossary: "Glossary | None"


def require_extra() -> None:
    """Check that the packages of the extra are installed.

    Raises:
        UserError: If one is missing.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        distribution = "lstm-seq2seq" if find_spec("seq2seq.training") else "lstm-seq2seq-light"
        raise UserError(f"seq2seq serve needs {', '.join(missing)}: pip install '{distribution}[serve]'.")


def make_key(options: "argparse.Namespace") -> int:
    """Make an API key, print it, and add its hash to a file."""
    from seq2seq.server.http.api_keys import new_key

    if options.models:
        raise UserError("--new_key only makes a key and serves nothing: leave out the models.")
    name = "unnamed" if options.key_name is None else options.key_name
    if not name.isprintable() or not name.strip() or len(name) > LONGEST_NAME:
        raise UserError(
            f"--key_name is '{name}', but it must be up to {LONGEST_NAME} printable characters in one line."
        )
    key = new_key(Path(options.new_key).expanduser(), name.strip())
    print(f"{options.new_key} has the hash of this key, which is shown only now:", file=sys.stderr)
    print(key)
    return 0


def keys_of(options: "argparse.Namespace") -> "ApiKeys | None":
    """Return the accepted API keys; None if none are needed."""
    from seq2seq.server.http.api_keys import ApiKeys

    return ApiKeys.read(Path(options.keys).expanduser()) if options.keys is not None else None


def glossary_of(options: "argparse.Namespace", models: "Sequence[Named]") -> "Glossary | None":
    """Return the glossary of all translations, if any.

    Of a file that names languages, those of the models are read, if all translators have the same.
    """
    from seq2seq.decoding.phrases.glossary import Glossary
    from seq2seq.models.bundle import read_config
    from seq2seq.plugin import registry
    from seq2seq.server.endpoints.translation import VERB

    if options.glossary is None:
        return None
    configs = [read_config(model.folder) for model in models]
    languages = {
        (config.reader.source_language, config.reader.target_language)
        for config in configs
        if registry.load(config.task).verb == VERB
    }
    return Glossary.read(Path(options.glossary).expanduser(), *(languages.pop() if len(languages) == 1 else ("", "")))


def serve_here(
    options: "argparse.Namespace",
    given: Given,
    sockets: "Sequence[socket]",
    folder: Path,
    on_ready: "Callable[[ServedModels], None]",
    worker: int = 0,
) -> int:
    """Load the models and serve in this process.

    Args:
        options: The arguments.
        given: What they name.
        sockets: Sockets that listen.
        folder: Folder that all workers share.
        on_ready: Called with the models when the server answers.
        worker: Number of this worker; 0 if there is only one process.

    Raises:
        KeyboardInterrupt: At SIGINT.
    """
    from seq2seq.command_line.arguments import chosen
    from seq2seq.command_line.open_model import placement_of
    from seq2seq.models.bundle import engine_of
    from seq2seq.server.decoding_process.separate_engine import SeparateEngine
    from seq2seq.server.endpoints.application import Access, application, service_of
    from seq2seq.server.http.exchange_log import ExchangeLog
    from seq2seq.server.http.options import RequestLimits
    from seq2seq.server.http.process import run
    from seq2seq.server.http.service import Logging
    from seq2seq.server.live_models import LiveModels, OpenedHere
    from seq2seq.server.measurements import Measurements
    from seq2seq.server.options import Limits
    from seq2seq.server.served_models import ServedModels

    limits, of_requests = chosen(Limits(), options), chosen(RequestLimits(), options)
    folders = {one.name: one.folder for one in given.models}
    placement, measurements = placement_of(options), Measurements()
    engine, is_up = None, threading.Event()
    if all(engine_of(folder, placement.engine) == "onnx" for folder in folders.values()):
        # If the decoding process dies, its jobs fail and the server drains.
        engine = SeparateEngine(
            limits, placement, measurements, lambda: os.kill(os.getpid(), signal.SIGTERM) if is_up.is_set() else None
        )
    live = LiveModels(folders, engine or OpenedHere(placement))
    models = ServedModels(live)
    exchanges = ExchangeLog(Path(options.exchange_log).expanduser()) if options.exchange_log is not None else None
    log = Logging(not options.no_access_log, options.log_texts, exchanges)
    service = service_of(
        *(models, limits, of_requests, folder, given.keys, log, worker, given.glossary),
        measurements=measurements,
        decoder=engine,
    )
    access = Access.of(sockets, options.allowed_host, options.cors)

    def ready() -> None:
        is_up.set()
        if engine is not None and engine.fault is not None:
            os.kill(os.getpid(), signal.SIGTERM)
        on_ready(models)

    try:
        is_interrupted = run(application(service, access), sockets, options.drain, ready, live.reload)
    finally:
        is_up.clear()
        if exchanges is not None:
            exchanges.close()
    if is_interrupted:
        raise KeyboardInterrupt
    if engine is not None and engine.fault is not None:
        raise engine.fault
    return 0


def greet(address: str, models: "ServedModels") -> None:
    """Print the address, what is served, and three lines to try."""
    from seq2seq.server.served_models import endpoint

    print(f"Serving at {address}")
    width = max(len(model.name) for model in models)
    for model in models:
        languages = model.loaded.bundle.config.languages
        print(f"  {model.name:<{width}}  {model.task.name} {languages}".rstrip() + f", POST {endpoint(model)}")
    print("Try:")
    first = next(iter(models))
    for line in (own_line(address, first), openai_line(address, first)):
        print(f"  {line}")
    print(f"  {address}/docs and {address}/ in a browser", flush=True)


def greet_for_workers(address: str, names: "Sequence[str]") -> None:
    """Print the address and the names of the models."""
    print(f"Serving at {address}\n  {', '.join(names)}\n  {address}/docs describes everything", flush=True)


def own_line(address: str, model: "ServedModel") -> str:
    """Return a command that uses a model by its own endpoint."""
    import json

    from seq2seq.server.served_models import DIALOGUE, TEXT, endpoint

    text = opener(model)
    if model.kind != DIALOGUE:
        name = "prompt" if model.kind == TEXT else "q"
        return f"curl {address}{endpoint(model)} --data-urlencode {shlex.quote(f'{name}={text}')}"
    body = json.dumps({"messages": [{"role": "user", "content": text}]}, ensure_ascii=False)
    return f"curl {address}/chat --json {shlex.quote(body)}"


def openai_line(address: str, model: "ServedModel") -> str:
    """Return a command that uses a model as OpenAI's are used."""
    import json

    from seq2seq.server.served_models import DIALOGUE

    text = opener(model)
    if model.kind == DIALOGUE:
        body: dict[str, object] = {"model": model.name, "messages": [{"role": "user", "content": text}]}
        return f"curl {address}/v1/chat/completions --json {shlex.quote(json.dumps(body, ensure_ascii=False))}"
    body = {"model": model.name, "prompt": text}
    return f"curl {address}/v1/completions --json {shlex.quote(json.dumps(body, ensure_ascii=False))}"


def opener(model: "ServedModel") -> str:
    """Return a text to try with a model, in one line."""
    from seq2seq.safe_text import in_line

    openers = model.loaded.bundle.config.introduction.openers
    return in_line(openers[0]) if openers else "Hello."


def parser() -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.command_line.arguments import Parser, add_options
    from seq2seq.command_line.open_model import add_placement
    from seq2seq.server.http.options import RequestLimits
    from seq2seq.server.options import Limits

    command = Parser("serve", DESCRIPTION)
    command.add_argument("models", metavar="MODEL", nargs="*", help="a run folder or an exported model folder")
    command.add_argument("--host", default=HOST, help=f"address to serve at ({HOST}: only this machine reaches it)")
    command.add_argument(
        "--port", metavar="N", type=int, default=PORT, help=f"port to serve at ({PORT}); 0: a free one"
    )
    command.add_argument(
        "--workers",
        metavar="N",
        type=int,
        default=1,
        help="number of processes, each with its own copy of the models (1)",
    )
    command.add_argument(
        "--drain",
        metavar="X",
        type=float,
        default=DRAIN_S,
        help=f"seconds for open requests after SIGTERM ({DRAIN_S:g})",
    )
    command.add_argument(
        "--glossary",
        metavar="FILE",
        help="translate terms as this file says, with a term, a tab and its translation in each line ('a|b' accepts "
        "either), or a .tmx or .tbx file",
    )
    add_placement(command)
    add_options(command, "decoding together", Limits)
    add_options(command, "limits of a request", RequestLimits)
    access = command.add_argument_group("who may use it")
    access.add_argument(
        "--keys", metavar="FILE", help="accept only requests with an API key whose hash is in this file"
    )
    access.add_argument("--new_key", metavar="FILE", help="make an API key, print it, add its hash to this file, exit")
    access.add_argument("--key_name", metavar="NAME", help="name of the new key in the access log (unnamed)")
    access.add_argument(
        "--cors",
        metavar="ORIGIN",
        action="append",
        default=[],
        help="let pages of this origin (https://example.com, or '*') read answers; repeatable",
    )
    access.add_argument(
        "--allowed_host",
        metavar="NAME",
        action="append",
        default=[],
        help="another name by which clients call this server, such as a proxy's; repeatable. At a local address, other "
        "names than localhost are refused otherwise",
    )
    logs = command.add_argument_group("logs (on standard error)")
    logs.add_argument("--no_access_log", action="store_true", help="write no line for each request")
    logs.add_argument("--log_texts", action="store_true", help="write the texts of requests and answers, too")
    logs.add_argument("--exchange_log", metavar="FILE", help="store every request and answer, with texts, in SQLite")
    return command
