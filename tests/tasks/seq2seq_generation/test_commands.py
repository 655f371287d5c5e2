"""The subcommands with language models (generate, score, evaluate), and guiding another model."""

import io
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from seq2seq import cli
from seq2seq.command_line.outputs import one_line
from seq2seq.commands import compare, evaluate, fit, generate, score
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.models.language_model import LanguageModel
from seq2seq.safe_text import harmless
from tests.chinese_words import listen
from tests.seq2seq.repl.typing_in import Typed
from tests.tasks.seq2seq_generation.texts import LITTLE, TINY, stories


class Terminal(io.TextIOWrapper):
    """Standard input of a test, typed or piped."""

    def __init__(self, content: bytes, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8")
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        """Return whether the input is a terminal."""
        return self.is_terminal


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["generate", *arguments]) == 0
    return capsys.readouterr().out


def test_prompts_come_from_options_files_and_standard_input(
    documents: Path,
    model: LanguageModel,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = [str(documents), "--max_tokens", "15", "--seed", "3"]
    decoding = Decoding(SearchOptions(beam_size=1, max_length=15), SamplingOptions(seed=3))
    for prompt in ("Anna went", "小明去了\n小红"):
        expected = model.generate(prompt, decoding) + "\n"
        assert said(capsys, *options, "--prompt", prompt.replace("\n", "\\n")) == expected
        file = tmp_path / "prompt.txt"
        file.write_text(prompt + "\n", encoding="utf-8")
        assert said(capsys, *options, "--prompt_file", str(file)) == expected
        monkeypatch.setattr(sys, "stdin", Terminal(f"{prompt}\n".encode(), False))
        assert said(capsys, *options) == expected
    monkeypatch.setattr(sys, "stdin", Terminal(b"", True))
    assert said(capsys, *options) == model.generate("", decoding) + "\n"
    assert said(capsys, *options, "--prompt", "Anna", "--no_prompt") == "".join(model.stream("Anna", decoding)) + "\n"


def test_several_texts_and_json(documents: Path, model: LanguageModel, capsys: pytest.CaptureFixture[str]) -> None:
    options = [str(documents), "--prompt", "Anna", "--max_tokens", "9", "--num", "3", "--temperature", "0.8"]
    options += ["--top_k", "9", "--top_p", "0.9", "--min_p", "0.01", "--repetition_penalty", "1.2"]
    drawing = SamplingOptions(temperature=0.8, top_k=9, top_p=0.9, min_p=0.01)
    decoding = Decoding(SearchOptions(beam_size=1, max_length=9, repetition_penalty=1.2), drawing)
    expected = model.decode(["Anna"], decoding, count=3)[0]
    texts = said(capsys, *options).removesuffix("\n").split(f"\n{generate.BETWEEN}\n")
    assert texts == ["Anna" + one.text for one in expected]
    lines = [json.loads(line) for line in said(capsys, *options, "--json").splitlines()]
    assert [line["text"] for line in lines] == [one.text for one in expected]
    assert lines[2] == {
        "index": 2,
        "prompt": "Anna",
        "text": expected[2].text,
        "tokens": len(expected[2].ids),
        "log_probability": expected[2].log_probability,
    }


def test_greedy_stops_and_least_lengths(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [str(documents), "--prompt", "Anna", "--max_tokens", "30", "--min_tokens", "30", "--greedy"]
    whole = said(capsys, *options)
    assert whole == said(capsys, *options)
    stop = whole[10:12]
    cut = said(capsys, *options, "--stop", stop.replace("\n", "\\n"))
    assert cut == whole[: whole.index(stop, 4)] + "\n"


def test_a_text_without_a_limit_ends_by_itself(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(said(capsys, str(documents), "--max_tokens", "0", "--prompt", "Anna", "--seed", "5")) > 5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--prompt", "a", "--prompt_file", "b"], r"--prompt and --prompt_file both say what to continue"),
        (["--num", "0"], r"--num is 0, but it must be at least 1"),
        (["--max_tokens", "0", "--num", "2"], r"--max_tokens 0 writes one text without a limit: leave out --num"),
        (["--max_tokens", "0", "--json"], r"--max_tokens 0 writes one text without a limit: leave out --json"),
        (["--greedy", "--top_k", "3"], r"--top_k is for sampling, but --greedy does not sample"),
        (["--max_tokens", "3", "--min_tokens", "4"], r"--min_tokens is 4, which is more than --max_tokens 3"),
        (["--interactive", "--json"], r"--interactive is for typing prompts at a terminal: leave out --json"),
        (["--interactive", "--num", "2"], r"--interactive is for typing prompts at a terminal: leave out --num"),
        (["--prompt", "a", "--stop", ""], r"--stop is empty, but it is a text that ends the output: leave it out"),
        (["--max_tokens", "-1"], r"--max_tokens is -1, but it must be at least 0\."),
        (["--min_tokens", "-1"], r"--min_tokens is -1, but it must be at least 0\."),
        (["--temperature", "0"], r"--temperature is 0\.0, but .* For the likeliest piece each time, type --greedy"),
        (["--temperature", "inf"], r"--temperature is inf, but it must lie between 0\.001 and 1,000\."),
        (["--top_k", "-2"], r"--top_k is -2, but it must be at least 0\. 0 is off\."),
        (["--num", "1000000000000"], r"--num is 1000000000000, but it must lie between 1 and 100,000"),
        (["--beam_size", "3"], r"There is no option --beam_size"),
    ],
)
def test_refusals(documents: Path, options: list[str], message: str) -> None:
    with pytest.raises(UserError, match=message):
        generate.main([str(documents), *options], "generate")


def test_what_is_no_text_is_refused(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(b"a\xff", False))
    with pytest.raises(UserError, match=r"standard input: not UTF-8 \(byte 0xff at position 2\)"):
        generate.main([str(documents)], "generate")


def test_scores_rank_texts(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "texts.txt"
    file.write_text("qzqz xvxv\nAnna went to the river.\n小明去了河边。\n", encoding="utf-8")
    assert score.main([str(documents), str(file)]) == 0
    told = capsys.readouterr()
    rows = [line.split("\t") for line in told.out.splitlines()]
    assert len(rows) == 3
    assert float(rows[0][2]) == pytest.approx(float(rows[0][0]) / int(rows[0][1]), abs=1e-3)
    assert told.err.startswith("3 texts, ")
    assert score.main([str(documents), str(file), "--sort"]) == 0
    ranked = capsys.readouterr().out.splitlines()
    values = [float(line.split("\t")[2]) for line in ranked]
    assert values == sorted(values, reverse=True)
    assert {line.split("\t")[3] for line in ranked} == set(file.read_text(encoding="utf-8").splitlines())
    monkeypatch.setattr(sys, "stdin", Terminal(file.read_bytes(), False))
    assert score.main([str(documents), "-"]) == 0
    assert [line.split("\t") for line in capsys.readouterr().out.splitlines()] == rows
    with pytest.raises(UserError, match="The model has no source: give one file, of texts"):
        score.main([str(documents), str(file), str(file)])


def evaluated(*arguments: str) -> dict[str, Any]:
    assert evaluate.main(list(arguments)) == 0
    folder = Path(arguments[arguments.index("--output") + 1])
    found: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return found


def test_evaluation_of_a_split(
    documents: Path, model: LanguageModel, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--samples_written", "3", "--window", "20", "--examples", "2"]
    found = evaluated(str(documents), *options, "--output", str(tmp_path / "report"))
    test = stories("test")
    likelihood = found["likelihood"]
    assert likelihood["characters"] == sum(map(len, test))
    assert likelihood["sentences"] == len(test)
    alone = sum(-one.log_probability for one in model.score(test))
    assert likelihood["nats"] == pytest.approx(alone, rel=0.05)  # a document ends what came before
    assert likelihood["per_word"]["nats"] == pytest.approx(likelihood["nats"] / likelihood["words"])
    titles = [section["title"] for section in found["sections"]]
    assert titles == [
        "State carried and random windows",
        "Samples compared with the reference text",
        "Samples",
        "Samples during training",
    ]
    carried, windows = found["sections"][0]["blocks"][0]["rows"]
    assert carried[0] == "state carried"
    assert "random windows of 20 tokens" in windows[0]
    facts = {row[0]: row[1:] for row in found["sections"][1]["blocks"][0]["rows"]}
    assert facts["words"][0] == facts["words"][1]
    assert int(facts["longest run copied from the training text, characters"][0]) >= 1
    assert float(facts["words known from the training text, per 100"][1]) > 50
    assert len(found["predictions"]) == 3
    assert found["curves"]["metric"] == "bits_per_character"
    printed = capsys.readouterr().out
    assert "state carried" in printed
    assert printed.splitlines()[-1].endswith("report.html")
    for name in ("report.html", "report.md"):
        text = (tmp_path / "report" / name).read_text(encoding="utf-8")
        assert "Loss of the text" in text
        assert "By source length" not in text


def test_evaluation_of_a_file(contiguous: Path, characterwise: LanguageModel, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("we met 7 birds\tthere.  \n" * 30, encoding="utf-8")
    options = ["--data", str(file), "--samples_written", "0", "--output", str(tmp_path / "report")]
    found = evaluated(str(contiguous), *options)
    assert found["likelihood"]["tokens"] == found["likelihood"]["characters"] == 24 * 30
    assert found["likelihood"]["words"] == 6 * 30
    assert found["predictions"] == []
    assert "unknown" not in found["likelihood"]["note"]
    file.write_text("we met 七 birds\n" * 30, encoding="utf-8")
    assert " 30 of the tokens are unknown: the model" in evaluated(str(contiguous), *options)["likelihood"]["note"]
    split = evaluated(str(contiguous), "--samples_written", "1", "--output", str(tmp_path / "split"))
    assert split["likelihood"]["characters"] == 400


def test_evaluation_refuses_what_has_no_source(documents: Path) -> None:
    with pytest.raises(
        UserError, match="--source is for sources and references, but a language model reads a text: give --split"
    ):
        evaluate.main([str(documents), "--source", "a", "--target", "b"])
    with pytest.raises(UserError, match="--window is 0, but it must be at least 1"):
        evaluate.main([str(documents), "--window", "0"])
    with pytest.raises(UserError, match="--samples_written is -1, but it must be at least 0"):
        evaluate.main([str(documents), "--samples_written", "-1"])
    with pytest.raises(UserError, match="--samples is for intervals of metrics, which language models do not have"):
        evaluate.main([str(documents), "--samples", "100"])
    with pytest.raises(UserError, match="--beam_size is a search option, but a language model samples or"):
        evaluate.main([str(documents), "--beam_size", "5"])
    with pytest.raises(UserError, match="--no_repeat_source_ngram is a search option, but a language model"):
        evaluate.main([str(documents), "--no_repeat_source_ngram", "3"])
    with pytest.raises(UserError, match="--lm adds a language model to a model with sources: to evaluate it"):
        evaluate.main([str(documents), "--lm", str(documents)])
    with pytest.raises(UserError, match="--examples is -1, but it must not be negative"):
        evaluate.main([str(documents), "--examples", "-1"])


def test_a_missing_split_is_a_file_to_name_and_no_pair_of_files(documents: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    shutil.copytree(documents / "bundle", copied)
    with pytest.raises(UserError, match=r"so the files of its test split are not known: give --data FILE\.$"):
        evaluate.main([str(copied)])


def test_reports_of_running_text_are_not_compared_by_their_samples(documents: Path, tmp_path: Path) -> None:
    options = ["--samples_written", "1", "--output", str(tmp_path / "report")]
    evaluated(str(documents), *options)
    with pytest.raises(UserError, match="is the report of a language model, whose samples have no references: compare"):
        compare.main([str(tmp_path / "report"), str(tmp_path / "report")])


def test_a_closed_standard_input_is_no_prompt(
    documents: Path, model: LanguageModel, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    decoding = Decoding(SearchOptions(beam_size=1, max_length=5), SamplingOptions(seed=3))
    assert said(capsys, str(documents), "--max_tokens", "5", "--seed", "3") == model.generate("", decoding) + "\n"


def test_samples_are_kept_along_training(documents: Path) -> None:
    lines = [json.loads(line) for line in (documents / "samples.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["step"] for line in lines] == sorted({line["step"] for line in lines})
    assert all(len(line["text"]) > 20 for line in lines)


@pytest.fixture(scope="session")
def translator(place: Path) -> Path:
    """A translation model, trained for two steps."""
    options = ["-c", "size/tiny", "--trainer.max_steps", "2", "--trainer.limit_val_batches", "1", "--threads", "1"]
    options += ["--model.network.hidden_size", "16", "--trainer.enable_progress_bar", "false"]
    options += ["--model.validation.sentences", "2", "--run_dir", str(place / "translator")]
    assert fit.main(["translation", *options]) == 0
    return place / "translator"


@pytest.fixture(scope="session")
def sentences(place: Path, translator: Path) -> Path:
    """A language model of sentences, with the translation model's pieces."""
    text = place / "sentences.zh"
    text.write_text("我们买了三本书。\n她住在北京。\n" * 30, encoding="utf-8")
    options = [*TINY, *LITTLE, "--data.train", f"[{text}]", "--data.validation", f"[{text}]"]
    options += ["--data.reader.lines", "true", "--run_dir", str(place / "sentences")]
    options += ["--data.tokenizer.source_model", str(translator / "tokenizer" / "target.model")]
    assert fit.main(["generation", *options]) == 0
    return place / "sentences"


def test_a_language_model_is_asked_along(
    translator: Path, sentences: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "a.en"
    source.write_text("We bought three books.\n", encoding="utf-8")
    plain = [str(translator), str(source), "--max_length", "8", "--scores"]
    assert cli.main(["translate", *plain]) == 0
    alone = capsys.readouterr().out
    assert cli.main(["translate", *plain, "--lm", str(sentences), "--lm_weight", "2"]) == 0
    assert capsys.readouterr().out != alone
    assert cli.main(["translate", *plain, "--lm", str(sentences), "--lm_weight", "0"]) == 0
    assert capsys.readouterr().out == alone
    assert cli.main(["translate", *plain, "--lm", str(sentences), "--anti_weight", "0.5", "--candidates", "4"]) == 0
    assert capsys.readouterr().out != alone


def test_prompts_are_typed_at_a_terminal(
    documents: Path,
    model: LanguageModel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("seq2seq.repl.screen.is_terminal", lambda: True)
    monkeypatch.setattr(
        sys,
        "stdin",
        Typed(
            [
                "Anna went",
                "/set no_repeat_source_ngram 2",
                "/set max_length 5",
                "小明\\n",
            ]
        ),
    )
    assert cli.main(["generate", str(documents), "--interactive", "--max_tokens", "9", "--seed", "4"]) == 0
    shown = capsys.readouterr().out
    assert "There is no setting 'no_repeat_source_ngram'." in one_line(shown)
    for number, prompt, length in ((0, "Anna went", 9), (1, "小明\n", 5)):
        decoding = Decoding(SearchOptions(beam_size=1, max_length=length), SamplingOptions(seed=4))
        following = "".join(model.stream(prompt, decoding, number=number))
        assert one_line(harmless(following)).split()[0] in shown


def test_of_a_long_prompt_file_the_last_pieces_are_read_and_it_is_said(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seq2seq.models.language_model.LONGEST_PROMPT", 16)
    file = tmp_path / "long.txt"
    file.write_text("Anna went to the river. " * 40 + "小明", encoding="utf-8")
    for options in ([], ["--json"]):
        assert cli.main(["generate", str(documents), "--prompt_file", str(file), "--max_tokens", "4", *options]) == 0
        assert re.search(r"^Only the last 1[3-6] of the prompt's [\d,]+ pieces were read", capsys.readouterr().err)


def test_no_english_is_left_on_a_chinese_page(documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = listen(monkeypatch)
    options = ["--samples_written", "3", "--window", "20", "--examples", "2", "--language", "zh"]
    evaluated(str(documents), *options, "--output", str(tmp_path / "report"))
    known = ("Copied, in sample", "drawn at random")  # the text that was copied; names of options
    assert [phrase for phrase in left if not phrase.startswith(known)] == []


def test_characters_that_the_model_has_never_seen_are_noted_once(
    documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--max_tokens", "3", "--greedy"]
    assert generate.main([str(documents), "--prompt", "Anna 彁☃彁 went", *options], "generate") == 0
    assert capsys.readouterr().err == ("The model has never seen 2 of the characters, 彁, ☃: their meaning is lost.\n")
    assert generate.main([str(documents), "--prompt", "Anna went\\nto the", *options], "generate") == 0
    assert capsys.readouterr().err == ""
