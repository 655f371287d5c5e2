"""LibreTranslate's endpoints that describe the server."""

from seq2seq.documents.suffixes import SUFFIXES
from tests.seq2seq.server.services import Running


def test_languages_have_names_and_targets(server: Running) -> None:
    assert server.get("/languages") == [
        {"code": "en", "name": "English", "targets": ["zh"]},
        {"code": "zh", "name": "Chinese", "targets": []},
    ]


def test_a_language_is_detected_among_those_of_the_models(server: Running) -> None:
    assert server.post("/detect", q="two books") == [{"confidence": 100.0, "language": "en"}]
    form = server.client.post("/detect", data={"q": "two 书"})
    assert form.json() == [{"confidence": 75.0, "language": "en"}]
    assert server.fault("/detect") == "q is missing."


def test_a_page_is_told_what_the_server_can(server: Running) -> None:
    assert server.get("/frontend/settings") == {
        "apiKeys": False,
        "charLimit": 20000,
        "filesTranslation": True,
        "frontendTimeout": 500,
        "keyRequired": False,
        "language": {"source": {"code": "auto", "name": "Auto (Detect)"}, "target": {"code": "zh", "name": "Chinese"}},
        "suggestions": False,
        "supportedFilesFormat": [".txt", ".jsonl", *SUFFIXES],
    }


def test_the_server_says_that_it_is_well(server: Running) -> None:
    assert server.get("/health") == {"status": "ok"}
