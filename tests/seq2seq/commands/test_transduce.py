"""The verbs of tasks: one output line per input line, in order, in every format; errors that lose nothing."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.command_line import lines
from seq2seq.command_line.outputs import Form, one_line
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, of_sources
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.commands.typed import TEXT, TEXTS, Captured, TypeIn, expected
from tests.seq2seq.decoded import sampled, searched, source_model
from tests.seq2seq.speech import says

__all__ = ["expected"]


def test_one_line_out_for_each_line_in(model: Path, type_in: TypeIn, capsys: Captured, expected: list[str]) -> None:
    type_in(TEXT)
    assert cli.main(["mimic", str(model)]) == 0
    shown = capsys.readouterr()
    assert shown.out == "\n".join(expected) + "\n"
    assert expected[1] == expected[3] == ""
    assert shown.err == ""


def test_every_search_option_reaches_the_search(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    values = {
        "beam_size": 4,
        "length_penalty": "gnmt",
        "length_alpha": 0.6,
        "coverage_beta": 0.3,
        "no_repeat_ngram": 2,
        "no_repeat_source_ngram": 2,
        "repetition_penalty": 1.2,
        "groups": 2,
        "diversity": 0.7,
        "min_length": 2,
        "max_length_ratio": 1.5,
        "max_length_extra": 3,
        "batch_tokens": 50,
    }
    type_in(TEXT)
    options = [word for name, value in values.items() for word in (f"--{name}", str(value))]
    assert cli.main(["mimic", str(model), *options]) == 0
    loaded = source_model(model)
    search = replace(loaded.search, **values)  # type: ignore[arg-type]
    wanted = [one_line(one[0].text) for one in searched(loaded, TEXTS, search)]
    assert capsys.readouterr().out.removesuffix("\n").split("\n") == wanted


def test_nothing_in_nothing_out(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("")
    assert cli.main(["mimic", str(model)]) == 0
    assert capsys.readouterr().out == ""


def test_files_and_chunks_make_no_difference(
    model: Path, tmp_path: Path, capsys: Captured, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    monkeypatch.setattr(lines, "CHUNK_LINES", 2)
    words = [str(model), str(tmp_path / "a.txt"), "--threads", "1", str(tmp_path / "b.txt.gz")]
    assert cli.main(["mimic", *words]) == 0
    assert capsys.readouterr().out.splitlines() == expected * 2


def test_scores_and_alignments_follow_the_text(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in(TEXT)
    assert cli.main(["mimic", str(model), "--scores", "--alignments"]) == 0
    shown = capsys.readouterr().out.splitlines()
    outputs = [found[0] for found in searched(source_model(model), TEXTS, attention=True)]
    assert len(shown) == len(outputs)
    for line, output in zip(shown, outputs, strict=True):
        text, score, alignments = line.split(" ||| ")
        assert text == one_line(output.text)
        assert float(score) == pytest.approx(output.score, abs=2e-4)
        pairs = [tuple(map(int, pair.split("-"))) for pair in alignments.split()]
        assert pairs == output.alignments()
    assert shown[1] == " ||| 0.0000 ||| "


def test_alternatives_name_their_input(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\n\nbirds\n")
    assert cli.main(["mimic", str(model), "--nbest", "3"]) == 0
    shown = [line.split(" ||| ") for line in capsys.readouterr().out.splitlines()]
    assert [parts[0] for parts in shown] == ["0", "0", "0", "1", "2", "2", "2"]
    assert shown[3] == ["1", "", "0.0000"]
    best = [float(parts[2]) for parts in shown[:3]]
    assert best == sorted(best, reverse=True)


def test_options_of_the_search_are_options_of_the_verb(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\nbirds\n")
    options = ["--beam_size", "2", "--max_length=3", "--length_penalty", "gnmt", "--length_alpha", "0.5"]
    assert cli.main(["mimic", str(model), *options, "--batch_tokens", "7", "--threads", "1"]) == 0
    search = SearchOptions(beam_size=2, max_length=3, length_penalty="gnmt", length_alpha=0.5)
    best = source_model(model).mimic(["a cat", "birds"], search)
    assert capsys.readouterr().out.splitlines() == best


def test_help_says_each_option_once(model: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["mimic", "--help"])
    assert end.value.code == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "INDEX ||| TEXT ||| SCORE" in shown
    assert "Number of hypotheses kept per source; 1 is greedy search." in shown
    assert "--n_best" not in shown


def test_a_prefix_begins_every_output(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\n\nbirds\n")
    assert cli.main(["mimic", str(model), "--prefix", "红"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.startswith("红") for line in shown] == [True, False, True]


def test_drawing_depends_on_the_seed_alone(
    model: Path, type_in: TypeIn, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(*options: str) -> list[str]:
        type_in("a cat\na cat\n\nbirds\n")
        assert cli.main(["mimic", str(model), "--sample", "--max_length", "9", *options]) == 0
        return capsys.readouterr().out.splitlines()

    first = drawn("--seed", "5")
    assert len(first) == 4
    assert first[0] != first[1]
    assert first == drawn("--seed", "5")
    assert first != drawn("--seed", "6")
    monkeypatch.setattr(lines, "CHUNK_LINES", 1)
    assert first == drawn("--seed", "5")
    two = drawn("--seed", "5", "--nbest", "2")
    assert [line.split(" ||| ")[0] for line in two] == ["0", "0", "1", "1", "2", "3", "3"]
    assert [two[place].split(" ||| ")[1] for place in (0, 2, 5)] == [first[0], first[1], first[3]]
    assert drawn("--top_k", "1") != first


def test_a_draw_shows_what_it_read(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\nbirds\n")
    assert cli.main(["mimic", str(model), "--sample", "--alignments"]) == 0
    texts = ["a cat", "birds"]
    loaded = source_model(model)
    outputs = loaded.aligned(texts, [found[0] for found in sampled(loaded, texts)])
    for line, output in zip(capsys.readouterr().out.splitlines(), outputs, strict=True):
        text, alignments = line.split(" ||| ")
        assert text == one_line(output.text)
        assert [tuple(map(int, pair.split("-"))) for pair in alignments.split()] == output.alignments()


def test_banned_words_are_never_said(model: Path, tmp_path: Path, type_in: TypeIn, capsys: Captured) -> None:
    def said(*options: str) -> list[str]:
        type_in("a cat\nbirds\n")
        assert cli.main(["mimic", str(model), "--min_length", "4", *options]) == 0
        return capsys.readouterr().out.splitlines()

    plain = said()
    words = sorted({one for line in plain for one in line if one.isalpha()})
    assert len(words) > 1
    for word in words[:2]:
        assert all(not says(line, word) for line in said("--banned", word))
    (tmp_path / "never.txt").write_text(f"{words[0]}\n\n", encoding="utf-8")
    banned = said("--banned_file", str(tmp_path / "never.txt"), "--banned", words[1])
    assert banned == said("--banned", words[0], "--banned", words[1])
    assert not any(says(line, word) for line in banned for word in words[:2])
    assert said("--banned", "") == plain


def test_candidates_are_ranked_by_a_reverse_model(
    model: Path, tmp_path: Path, toy_tokenizers: Tokenizers, type_in: TypeIn, capsys: Captured
) -> None:
    reverse = toy_models.write(tmp_path / "reverse", toy_tokenizers, reverse=True)
    texts = ["a cat", "", "the old dog"]

    def typed(*options: str) -> list[str]:
        type_in("\n".join(texts) + "\n")
        assert cli.main(["mimic", str(model), *options]) == 0
        return capsys.readouterr().out.splitlines()

    loaded, back = source_model(model), source_model(reverse)
    expected = loaded.decode(texts, reverse=back)
    assert typed("--reverse", str(reverse)) == [one_line(found[0].text) for found in expected]
    search = replace(loaded.search, max_length=6)
    rerank = RerankOptions(candidates=5, reverse_weight=2.0, length_bonus=0.1)
    decoding = Decoding(search, SamplingOptions(min_p=0.01, seed=3), rerank, count=2)
    words = ["--sample", "--min_p", "0.01", "--seed", "3", "--max_length", "6", "--candidates", "5"]
    words += ["--reverse_weight", "2", "--length_bonus", "0.1", "--nbest", "2", "--reverse", str(reverse)]
    outputs = loaded.decode(texts, decoding, reverse=back)
    lines_of = [one_line(one.text) for found in outputs for one in found]
    assert [line.split(" ||| ")[1] for line in typed(*words)] == lines_of
    # Without a reverse model the likeliest of the candidates is taken.
    likeliest = loaded.decode(texts, Decoding(loaded.search, SamplingOptions(), RerankOptions(4, reverse_weight=0)))
    assert typed("--sample", "--candidates", "4") == [one_line(found[0].text) for found in likeliest]


def test_a_model_may_prefer_drawing(
    tmp_path: Path, model: Path, toy_tokenizers: Tokenizers, type_in: TypeIn, capsys: Captured
) -> None:
    sampling = SamplingOptions(temperature=2.0, seed=9)
    chatty = toy_models.write(tmp_path / "chatty", toy_tokenizers, sampling=sampling)

    def typed(folder: Path, *options: str) -> list[str]:
        type_in("a cat\nbirds\n")
        assert cli.main(["mimic", str(folder), *options]) == 0
        return capsys.readouterr().out.splitlines()

    drawn = typed(model, "--sample", "--temperature", "2", "--seed", "9")
    assert typed(chatty) == drawn == [one_line(text) for text in source_model(chatty).mimic(["a cat", "birds"])]
    assert typed(chatty, "--sample") == drawn
    assert typed(chatty, "--seed", "8") == typed(model, "--sample", "--temperature", "2", "--seed", "8")
    searched = typed(model)
    assert searched != drawn
    for back in (["--search"], ["--beam_size", "3"], ["--groups", "1"]):
        assert typed(chatty, *back) == searched
    assert source_model(chatty).mimic(["a cat", "birds"], toy_models.SEARCH) == searched


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["MODEL", "absent.txt"], "No file absent.txt."),
        (["MODEL", "EMPTY"], "is empty."),
        (["MODEL/../modell"], "There is no folder"),
        (
            ["MODEL", "--beam_sise", "3"],
            "seq2seq: There is no option --beam_sise. Did you mean '--beam_size'? See seq2seq mimic",
        ),
        (["MODEL", "--beam", "3"], "There is no option --beam."),
        (["MODEL", "--beam_size", "two"], "Argument --beam_size: invalid int value: 'two'"),
        (["MODEL", "--threads", "0"], "--threads is 0, but it must be at least 1."),
        (
            ["MODEL", "--threads", "9999999999999999999999"],
            "--threads: 9999999999999999999999 is outside the 64-bit range.",
        ),
        (["MODEL", "--device", "cude"], "Device 'cude' cannot be used here."),
        ([], "The following arguments are required: MODEL. See"),
    ],
)
def test_mistakes_are_sentences(
    model: Path, tmp_path: Path, type_in: TypeIn, capsys: Captured, arguments: list[str], sentence: str
) -> None:
    (tmp_path / "empty.txt").touch()
    places = {"EMPTY": str(tmp_path / "empty.txt")}
    type_in("a cat\n")
    typed = [places.get(word, word.replace("MODEL", str(model))) for word in arguments]
    assert cli.main(["mimic", *typed]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_another_task_s_model_is_refused(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\n")
    assert cli.main(["echo", str(model)]) == 2
    assert "is a model for 'toy': use seq2seq mimic instead of echo." in capsys.readouterr().err


def test_json_keeps_line_breaks_and_says_where_from(model: Path, tmp_path: Path, capsys: Captured) -> None:
    output = Output("a\n二", -1.23456, -3.0, ("a",), ("b",))
    form = Form(nbest=False, scores=False, alignments=False, is_json=True)
    assert form.line(7, "a:8", output) == '{"index": 7, "place": "a:8", "output": "a\\n二", "score": -1.2346}'
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a cat"}\n\n{"text": ""}\n', encoding="utf-8")
    words = ["mimic", str(model), str(path), "--json", "--nbest", "2", "--alignments"]
    assert cli.main([*words, "--source_field", "text"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["index"], one["place"]) for one in found] == [(0, f"{path}:1")] * 2 + [(1, f"{path}:3")]
    outputs = searched(
        source_model(model), ["a cat"], replace(of_sources(source_model(model).search), n_best=2), attention=True
    )[0]
    assert [one["output"] for one in found] == [outputs[0].text, outputs[1].text, ""]
    assert [tuple(pair) for pair in found[0]["alignments"]] == outputs[0].alignments()
    assert cli.main(words) == 2
    assert "a.jsonl:1: no key 'source'. There are: text." in capsys.readouterr().err


def test_a_folder_of_documents_becomes_a_folder_of_outputs(model: Path, tmp_path: Path, capsys: Captured) -> None:
    documents, target = tmp_path / "documents", tmp_path / "new" / "outputs"
    documents.mkdir()
    texts = {"a.txt": "the old dog\nsees", "b.txt": "", "c.txt": "a cat"}
    for name, text in texts.items():
        (documents / name).write_text(text, encoding="utf-8")
    found = source_model(model).mimic(list(texts.values()))
    assert cli.main(["mimic", str(model), str(documents)]) == 0
    assert capsys.readouterr().out.split("\n") == [*map(one_line, found), ""]
    assert cli.main(["mimic", str(model), str(documents), "--output", str(target)]) == 0
    assert capsys.readouterr().out == ""
    assert {path.name: path.read_text(encoding="utf-8") for path in target.iterdir()} == {
        name: f"{text}\n" if text else "" for name, text in zip(texts, found, strict=True)
    }
    assert found[1] == ""
    words = ["mimic", str(model), str(documents), "--output"]
    for more, sentence in (
        ([str(documents)], f"--output is the folder of the documents, {documents}, which would be overwritten"),
        ([str(documents / "a.txt")], "a.txt is a file, but --output is a folder where the input is one"),
        ([str(target), "--json"], "--nbest, --scores, --alignments and --json print lines, but a folder gets"),
        ([str(target), str(documents / "a.txt")], "With --output, a folder of documents is the only input, but "),
    ):
        assert cli.main([*words, *more]) == 2
        assert sentence in capsys.readouterr().err


def test_a_document_is_one_source_with_all_its_lines(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("the old dog\n\nsees\n")
    assert cli.main(["mimic", str(model), "--document"]) == 0
    assert capsys.readouterr().out == one_line(source_model(model).mimic(["the old dog\n\nsees"])[0]) + "\n"


def test_sources_that_were_cut_are_told_once(
    tmp_path: Path, model: Path, type_in: TypeIn, toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    lengths = [
        len(toy_tokenizers.source.encode(one)) for one in ("dog", "the old dog sees", "a cat sees three books today")
    ]
    limit = lengths[0]
    cutting = toy_models.write(tmp_path / "cutting", toy_tokenizers, max_source_pieces=limit)
    type_in("dog\nthe old dog sees\n\na cat sees three books today\n")
    assert cli.main(["mimic", str(cutting), "--sample", "--nbest", "2"]) == 0
    told = capsys.readouterr().err
    share = 100 * (sum(lengths) - 3 * limit) / sum(lengths)
    assert told == (
        f"2 of 4 sources were cut to {limit} pieces (first at standard input:2); "
        f"{share:.1f} % of all source pieces were lost.\n"
    )
    # Also if an error ends the verb.
    type_in(b"the old dog sees\n\xff\n")
    assert cli.main(["mimic", str(cutting)]) == 2
    assert f"1 of 1 source was cut to {limit} pieces" in capsys.readouterr().err


def turned(folder: Path, tokenizers: Tokenizers, task: str, reader: Reader) -> Path:
    """A bundle of a model that was trained with --data.reverse true."""
    described = replace(toy_models.config(), task=task, reader=reader.turned())
    bundle.save(folder, toy_models.network(tokenizers), described, tokenizers)
    return folder


@pytest.mark.usefixtures("model")
def test_a_model_of_the_reverse_does_not_do_the_verb(
    tmp_path: Path, toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    path = turned(tmp_path / "turned", toy_tokenizers, "toy", toy_task.ToyReader())
    assert cli.main(["mimic", str(path)]) == 2
    sentence = (
        f"{path} was trained with --data.reverse true: it predicts inputs from outputs, to rank the outputs of "
        "another model. To mimic, use a model trained without that option."
    )
    assert sentence in capsys.readouterr().err
    with pytest.raises(UserError, match="it predicts inputs from outputs"):
        source_model(path).mimic(["a"])
    # Its scores are needed for ranking.
    assert source_model(path).score(["a cat"], ["a dog"])[0].tokens > 1


@pytest.mark.usefixtures("model")
def test_a_translator_that_was_turned_around_translates_back(
    tmp_path: Path, toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    path = turned(tmp_path / "turned", toy_tokenizers, "translation", Reader("en", "zh"))
    (tmp_path / "in.jsonl").write_text('{"en": "a cat", "zh": "猫"}\n{"zh": "狗"}\n', encoding="utf-8")
    assert cli.main(["translate", str(path), str(tmp_path / "in.jsonl")]) == 0
    expected = source_model(path).translate(["猫", "狗"])
    assert capsys.readouterr().out == "".join(one_line(text) + "\n" for text in expected)
    assert cli.main(["translate", str(path), str(tmp_path / "in.jsonl"), "--source_field", "en"]) == 2
    assert "in.jsonl:2: no key 'en'" in capsys.readouterr().err


def test_greedy_is_a_search_with_one_beam(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    found = []
    for options in (["--greedy"], ["--search", "--beam_size", "1"]):
        type_in("a cat\nthe dog\n")
        assert cli.main(["mimic", str(model), *options]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


def test_an_ensemble_writes_what_it_writes_in_python(
    model: Path, tmp_path: Path, toy_tokenizers: Tokenizers, type_in: TypeIn, capsys: Captured, expected: list[str]
) -> None:
    second = toy_models.write(tmp_path / "second", toy_tokenizers, toy_models.SECOND)
    type_in(TEXT)
    assert cli.main(["mimic", str(model), "--ensemble", str(second), "--ensemble", str(model)]) == 0
    first = source_model(model)
    wanted = [one_line(one.text) for (one,) in first.together(source_model(second), first).decode(TEXTS)]
    assert capsys.readouterr().out.removesuffix("\n").split("\n") == wanted != expected
