"""Models on a hub: uploaded and used by their names, also offline, with every fault in one sentence."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import seq2seq
from seq2seq.cli import main
from seq2seq.errors import UserError
from seq2seq.hub import model_repository as hub

Captured = pytest.CaptureFixture[str]
COMMIT = "c" * 40


class Server(ThreadingHTTPServer):
    """The part of the Hub's protocol that uploads and downloads small files.

    Attributes:
        files: Content of each file, by repository.
        status: If not 0, the status of every answer.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, dict[str, bytes]] = {}
        self.status = 0

    @property
    def address(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers a request."""

    server: Server

    def log_message(self, *_: object) -> None:
        """Write no log."""

    def _answer(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(self.server.status or status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _json(self, value: object, status: int = 200, **headers: str) -> None:
        self._answer(json.dumps(value).encode(), status, Content_Type="application/json", **headers)

    def do_HEAD(self) -> None:
        """Describe a file."""
        self.do_GET()

    def do_GET(self) -> None:
        """Send a file, or the list of files."""
        path = self.path.partition("?")[0].strip("/").replace("%40", "@")
        parts = path.split("/")
        repository = "/".join(parts[2:4]) if parts[0] == "api" else "/".join(parts[:2])
        files = self.server.files.get(repository)
        if files is None:
            self._json({}, 404, X_Error_Code="RepoNotFound")
        elif parts[0] == "api" and parts[4:5] in (["revision"], ["tree"]) and parts[5] not in ("main", COMMIT):
            self._json({}, 404, X_Error_Code="RevisionNotFound")
        elif parts[0] == "api" and "tree" in parts:
            self._json(
                [{"type": "file", "path": name, "size": len(files[name]), "oid": digest(files[name])} for name in files]
            )
        elif parts[0] == "api":
            named = [{"rfilename": name} for name in files]
            self._json({"id": repository, "sha": COMMIT, "siblings": named, "private": False, "tags": []})
        else:
            content = files["/".join(parts[4:])]
            self._answer(content, ETag=f'"{digest(content)}"', X_Repo_Commit=COMMIT)

    def do_POST(self) -> None:
        """Take a commit."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers["Authorization"] is None:
            self._json({}, 401)
        elif self.path.endswith("/validate-yaml"):
            self._json({"errors": [], "warnings": []})
        elif self.path.endswith("/repos/create"):
            given = json.loads(body)
            name = f"{given['organization']}/{given['name']}" if given.get("organization") else given["name"]
            self.server.files.setdefault(name, {})
            self._json({"url": f"{self.server.address}/{name}"})
        elif "/preupload/" in self.path:
            names = [one["path"] for one in json.loads(body)["files"]]
            self._json({"files": [{"path": n, "uploadMode": "regular", "shouldIgnore": False} for n in names]})
        else:
            repository = "/".join(self.path.split("/")[3:5])
            for line in body.splitlines():
                entry = json.loads(line)
                if entry["key"] == "file":
                    content = base64.b64decode(entry["value"]["content"])
                    self.server.files[repository][entry["value"]["path"]] = content
            self._json({"commitUrl": f"{self.server.address}/{repository}/commit/{COMMIT}", "commitOid": COMMIT})


def digest(content: bytes) -> str:
    return hashlib.sha1(content).hexdigest()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A hub at this machine, and a cache of one's own."""
    constants = pytest.importorskip("huggingface_hub.constants")
    with Server() as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        monkeypatch.setenv("HF_TOKEN", "hf_of_a_test")
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
        yield running
        running.shutdown()


def test_a_model_is_pushed_and_used_by_its_name_also_offline(
    model: Path, server: Server, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    (model / "notes.txt").write_text("private", encoding="utf-8")
    assert main(["push", str(model), "hf:me/toy"]) == 0
    shown = capsys.readouterr().out
    assert shown == f"{server.address}/me/toy/commit/{COMMIT}\nUse it: seq2seq info hf:me/toy\n"
    assert "config.json" in server.files["me/toy"]
    assert "notes.txt" not in server.files["me/toy"]
    server.files["me/toy"]["run.py"] = b"evil"
    loaded = seq2seq.load("hf:me/toy")
    assert loaded.mimic("the dog") == seq2seq.load(model).mimic("the dog")
    folder = hub.downloaded("hf:me/toy@main")
    assert not (folder / "run.py").exists()
    assert main(["info", "hf:me/toy"]) == 0
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert hub.downloaded("hf:me/toy") == folder


def test_faults_are_one_sentence(
    model: Path, server: Server, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = server.address
    assert main(["info", "hf:me/none"]) == 2
    assert f"{where} has no model me/none, or it is private: check the name, or log in with hf auth login." in (
        capsys.readouterr().err
    )
    server.files["me/other"] = {"README.md": b"x"}
    assert main(["info", "hf:me/other@v2"]) == 2
    assert f"me/other on {where} has no revision 'v2'." in capsys.readouterr().err
    assert main(["info", "hf:me/other"]) == 2
    assert "hf:me/other is no model of seq2seq: it has no config.json." in capsys.readouterr().err
    for name in ("hf:toy", "hf:/toy", "hf:a/b/c"):
        with pytest.raises(
            UserError, match=rf"{name} is no model on the Hub: give hf:OWNER/NAME, or hf:OWNER/NAME@REV"
        ):
            hub.downloaded(name)
    assert main(["info", "hf:me/a b"]) == 2
    assert "hf:me/a b is no valid name on the Hub: " in capsys.readouterr().err
    assert main(["evaluate", "hf:me/toy"]) == 2
    assert "hf:me/toy is on the Hub, so its report needs a place: add --output FOLDER." in capsys.readouterr().err
    server.status = 403
    assert main(["push", str(model), "hf:me/toy"]) == 2
    assert f"hf:me/toy could not be uploaded: {where} does not allow it. Log in with hf auth login, or set" in (
        capsys.readouterr().err
    )
    server.status = 418
    assert main(["push", str(model), "hf:me/toy"]) == 1
    assert f"hf:me/toy could not be uploaded: {where} answered with status 418." in capsys.readouterr().err
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert main(["push", str(model), "hf:me/toy"]) == 1
    assert "could not be uploaded, because http://127.0.0.1:1 cannot be reached: try again online." in (
        capsys.readouterr().err
    )
    assert main(["info", "hf:me/new"]) == 1
    assert "hf:me/new could not be downloaded, because http://127.0.0.1:1 cannot be reached, and it is not in the" in (
        capsys.readouterr().err
    )


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    with pytest.raises(UserError, match=r"hf:me/toy is on the Hub, which needs huggingface-hub: pip install huggingf"):
        hub.downloaded("hf:me/toy")
