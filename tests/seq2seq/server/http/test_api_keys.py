"""API keys: a file of hashes, and which requests they open."""

import stat
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.http.api_keys import ApiKeys, hashed, new_key
from tests.seq2seq.server.services import running

FORM = {"q": "the dog", "target": "zh"}


def test_a_new_key_is_accepted_and_only_its_hash_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    first, second = new_key(path, "ann"), new_key(path, "bob")
    assert first != second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert first not in text
    assert text.splitlines()[0] == f"{hashed(first)} ann"
    keys = ApiKeys.read(path)
    assert [keys.name_of(key) for key in (first, second, first + "x", "", "\ud800")] == ["ann", "bob", None, None, None]


def test_a_file_may_have_comments_and_nameless_keys(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# ours\n\n{hashed('secret')}\n", encoding="utf-8")
    assert ApiKeys.read(path).name_of("secret") == "key 3"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "secret\n",
            "{path}:1 is not the SHA-256 hash of a key, followed by a name: name another file, or delete the line. "
            "seq2seq serve --new_key FILE makes a key and adds its hash to a file.",
        ),
        (
            "# none\n",
            "{path} has no key, so nobody could use the server: make one with seq2seq serve --new_key {path}.",
        ),
    ],
)
def test_a_file_without_keys_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "keys"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as fault:
        ApiKeys.read(path)
    assert str(fault.value) == sentence.format(path=path)


def test_a_key_is_not_added_to_another_file(tmp_path: Path) -> None:
    path = tmp_path / "novel"
    path.write_text("Call me Ishmael.\n", encoding="utf-8")
    with pytest.raises(UserError, match="is not the SHA-256 hash"):
        new_key(path, "ann")
    assert path.read_text(encoding="utf-8") == "Call me Ishmael.\n"


def test_requests_need_a_key(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "ann")
    missing = "This server needs an API key: send the header 'Authorization: Bearer KEY' or the field api_key."
    with running(live, tmp_path, keys=ApiKeys.read(tmp_path / "keys")) as server:
        client = server.client
        bearer = {"Authorization": f"Bearer {key}"}
        for accepted in (
            client.post("/translate", json=FORM, headers=bearer),
            client.post("/translate", json={**FORM, "api_key": key}),
            client.post("/translate", data={**FORM, "apiKey": key}),
            client.post("/translate", params={**FORM, "api_key": key}),
            client.get("/models", headers=bearer),
            client.get("/metrics", headers=bearer),
            client.get("/v1/models", headers=bearer),
        ):
            assert accepted.status_code == 200, accepted.text
        refused = client.post("/translate", json=FORM)
        assert (refused.status_code, refused.json()) == (401, {"error": missing})
        assert refused.headers["www-authenticate"] == "Bearer"
        refused = client.post("/translate", json={**FORM, "api_key": "wrong"})
        assert (refused.status_code, refused.json()) == (403, {"error": "This API key is not accepted."})
        assert client.get("/metrics").status_code == 401
        refused = client.post("/v1/completions", json={"model": "author"}, headers={"Authorization": "Bearer wrong"})
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "invalid_api_key"
        assert client.get("/v1/models").json()["error"]["message"] == missing
        for path in ("/health", "/languages", "/frontend/settings", "/docs", "/openapi.json", "/"):
            assert client.get(path).status_code == 200, path
        assert client.get("/frontend/settings").json()["keyRequired"] is True
