"""Training, evaluation and inspection with translation memories and catalogues, by the commands themselves."""

import json
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.models.bundle import find, read_config
from tests.seq2seq.text_files import written
from tests.seq2seq.trained import settle

OPTIONS = [
    *("--data.tokenizer.vocabulary_size", "330"),
    *("--data.batches.max_tokens", "400"),
    *("--model.network.embedding_size", "8"),
    *("--model.network.hidden_size", "8"),
    *("--model.validation.sentences", "2"),
    *("--model.validation.beam_size", "1"),
    *("--trainer.max_steps", "2"),
]
Captured = pytest.CaptureFixture[str]


def memory(name: str, count: int, *, french: bool = False) -> Path:
    texts = {
        "en-US": "Is there tea on table {}?",
        "zh-CN": "{}号桌有茶吗？",
        **({"fr": "Du thé, {} ?"} if french else {}),
    }
    units = "\n".join(
        "<tu>"
        + "".join(f'<tuv xml:lang="{code}"><seg>{text.format(n)}</seg></tuv>' for code, text in texts.items())
        + "</tu>"
        for n in range(count)
    )
    lone = '<tu><tuv xml:lang="en-US"><seg>Tea.</seg></tuv></tu>'
    return written(Path(name), f'<tmx version="1.4"><header srclang="en-US"/><body>\n{units}\n{lone}</body></tmx>')


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder."""
    settle(tmp_path, monkeypatch)
    return tmp_path


@pytest.mark.parametrize("reverse", ["false", "true"])
def test_a_model_is_trained_on_a_memory_and_evaluated_on_a_catalogue(capsys: Captured, reverse: str) -> None:
    memory("train.tmx", 60)
    units = "<trans-unit><source>Tea?</source><target>茶？</target></trans-unit>"
    xliff = f'<xliff version="1.2"><file source-language="en" target-language="zh">{units}</file></xliff>'
    written(Path("valid.xlf"), xliff)
    written(Path("test.po"), 'msgid ""\nmsgstr "Language: zh_CN\\n"\n\nmsgid "Tea?"\nmsgstr "茶？"\n')
    data = ["--data.train", "train.tmx", "--data.validation", "valid.xlf", "--data.test", "test.po"]
    assert cli.main(["fit", "translation", "--run_dir", "run", *data, *OPTIONS, "--data.reverse", reverse]) == 0
    shown = capsys.readouterr().err
    assert (
        "data.train: train.tmx is read as a translation memory (TMX): 60 pairs; left out: 1 unit without both "
        "languages." in shown
    )
    assert "data.validation: valid.xlf is read as XLIFF: 1 pair." in shown
    languages = ("zh", "en") if reverse == "true" else ("en", "zh")
    reader = read_config(find("run")).reader
    assert (reader.source_language, reader.target_language) == languages
    for given in (["--split", "test"], ["--data", "test.po"]):
        assert cli.main(["evaluate", "run", *given, "--samples", "0", "--output", "out"]) == 0
    examples = [(example.source, example.target) for example in reader.read([Path("test.po")])]
    assert examples == [("茶？", "Tea?") if reverse == "true" else ("Tea?", "茶？")]


def test_the_languages_of_a_memory_are_asked_for(capsys: Captured) -> None:
    memory("train.tmx", 3, french=True)
    assert cli.main(["fit", "translation", "--run_dir", "run", "--data.train", "train.tmx", *OPTIONS]) == 2
    assert "train.tmx has texts in these languages: en-US, fr, zh-CN. A corpus needs two" in capsys.readouterr().err
    assert cli.main(["inspect", "train.tmx"]) == 2
    assert "train.tmx has texts in these languages: en-US, fr, zh-CN." in capsys.readouterr().err
    for task in ([], ["--task", "translation"]):
        words = ["train.tmx", "--source_language", "fr", "--target_language", "zh", "--json", *task]
        assert cli.main(["inspect", *words]) == 0
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["form"], found["records"]) == ("tmx", 3)
        assert found["left_out"] == ({} if task else {"unit without both languages": 1})
