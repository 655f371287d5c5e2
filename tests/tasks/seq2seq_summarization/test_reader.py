"""Reading documents, chats and their summaries from files and folders; recognizing speakers."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq import cli
from seq2seq.corpus.example import Example, Mark, plain
from seq2seq.corpus.normalization import NORMALIZATIONS
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.evaluation.test_set import of_files
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.pair_data import Seq2SeqData
from seq2seq_summarization.reader import SummaryReader, speaker, turns

CHAT = "Ann: is it on at 10:30?\n李雷：看 http://a.b\nyes: it is"
LINES = st.lists(
    st.one_of(st.text(), st.sampled_from(["Ann: hi", "李雷：你好", "Ann:", "", " ", "10:30 x", "http://a: b"]))
)


def written(folder: Path, **documents: str | bytes) -> Path:
    """Make a folder of documents."""
    folder.mkdir()
    for name, text in documents.items():
        (folder / f"{name}.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    return folder


def test_jsonl_keeps_line_breaks_and_joins_lists(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    records = [
        {"source": "One.\nTwo.", "target": ["A.", "B."], "refs": ["A.\nB.", "C."]},
        {"source": ["第一句。", "第二句。"], "target": "摘要。"},
        {"source": [], "target": ""},
    ]
    path.write_text("".join(json.dumps(one) + "\n" for one in records), "utf-8")
    first, second, third = SummaryReader().read([path])
    assert first == Example("One.\nTwo.", "A.\nB.", ("A.\nB.", "C."), f"{path}:1")
    assert second == Example("第一句。\n第二句。", "摘要。", (), f"{path}:2")
    assert (third.source, third.target) == ("", "")


def test_nothing_in_a_line_of_aligned_text_stands_for_a_break(tmp_path: Path) -> None:
    for name, text in (("a.src", r"One.\nTwo. <line> <n>"), ("a.tgt", "Both.")):
        (tmp_path / name).write_text(text + "\n", "utf-8")
    (one,) = SummaryReader().read([tmp_path / "a.src", tmp_path / "a.tgt"])
    assert (one.source, one.target) == (r"One.\nTwo. <line> <n>", "Both.")


def test_published_files_are_read_as_they_are(tmp_path: Path) -> None:
    chats = tmp_path / "train.json"
    chats.write_text(json.dumps([{"id": "1", "dialogue": "Ann: 茶？\r\nBo: Yes.", "summary": "Tea."}]), "utf-8")
    assert SummaryReader().understood([chats]) == "train.json is read as JSON of SAMSum."
    assert SummaryReader().advice([chats]) == (
        "Its sources are chats: to mark who says what, add --data.reader.speakers true."
    )
    assert SummaryReader(speakers=True).advice([chats]) == ""
    (one,) = SummaryReader(speakers=True).read([chats])
    assert one.source == ("Ann", Mark.SPEAKER, "茶？", Mark.TURN, "Bo", Mark.SPEAKER, "Yes.")
    assert SummaryReader(speakers=True).understood([chats]) == "train.json is read as JSON of SAMSum."
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "a.story").write_text("One.\n\nTwo.\n\n@highlight\n\nBoth\n", "utf-8")
    (one,) = SummaryReader().read([tmp_path / "stories"])
    assert one == Example("One.\nTwo.", "Both", (), f"{tmp_path / 'stories'}/a.story")
    assert SummaryReader().understood([tmp_path / "stories"]) == "a.story is read as a story of CNN/DailyMail."


def test_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('article,highlights\n"One.\nTwo.",Both.\n', "utf-8")
    (one,) = SummaryReader(source_field="article", target_field="highlights").read([tmp_path / "a.csv"])
    assert (one.source, one.target) == ("One.\nTwo.", "Both.")


def test_folders_are_matched_by_name(tmp_path: Path) -> None:
    documents = written(tmp_path / "documents", b="Two.\nLines.\n", a="一。\r\n二。", empty="")
    summaries = written(tmp_path / "summaries", a="甲。", empty="none", b="Both.\n")
    (documents / ".hidden.txt").write_text("not read", "utf-8")
    (documents / "notes.md").write_text("not read", "utf-8")
    assert list(SummaryReader().read([documents, summaries])) == [
        Example("一。\n二。", "甲。", (), f"{documents}/a.txt"),
        Example("Two.\nLines.", "Both.", (), f"{documents}/b.txt"),
        Example("", "none", (), f"{documents}/empty.txt"),
    ]


def test_folders_that_do_not_match_are_told_in_one_sentence(tmp_path: Path) -> None:
    documents = written(tmp_path / "documents", a="x", b="x", c="x")
    summaries = written(tmp_path / "summaries", a="x", d="x")
    with pytest.raises(UserError) as told:
        SummaryReader().read([documents, summaries])
    assert str(told.value) == (
        f"{documents}/b.txt has no counterpart {summaries}/b.txt (and 1 more like it), and {summaries}/d.txt has no "
        f"counterpart {documents}/d.txt: the two folders need files of the same names."
    )
    (summaries / "d.txt").rename(summaries / "b.txt")
    with pytest.raises(UserError, match=r"documents/c.txt has no counterpart .*summaries/c.txt: the two folders"):
        SummaryReader().read([documents, summaries])


def test_a_folder_without_documents_says_what_it_holds(tmp_path: Path) -> None:
    documents, empty = written(tmp_path / "documents", a="x"), written(tmp_path / "empty")
    with pytest.raises(UserError, match=r"empty contains no document: a file NAME.txt. It is empty."):
        SummaryReader().read([documents, empty])
    (empty / "a.story").touch()
    with pytest.raises(UserError, match=r"empty contains no document: a file NAME.txt. It contains: a.story."):
        SummaryReader().read([documents, empty])


def test_a_folder_goes_with_a_folder(tmp_path: Path) -> None:
    documents = written(tmp_path / "documents", a="x")
    for files in ([documents], [documents, documents / "a.txt"], [documents] * 3):
        with pytest.raises(UserError, match=r"documents is a folder: give two folders, documents and summaries"):
            SummaryReader().read(files)


def test_faults_name_their_place(tmp_path: Path) -> None:
    latin = written(tmp_path / "latin", a="ok\nGröße".encode("latin-1"))
    with pytest.raises(UserError, match=r"latin/a.txt, line 2: not UTF-8 \(byte 0xf6 at position 3\)"):
        list(SummaryReader().read([latin, written(tmp_path / "summaries", a="x")]))
    path = tmp_path / "a.jsonl"
    for line, sentence in (
        ("<html>", r"a.jsonl:2: not JSON \(.*\); the line begins with: <html>"),
        ('{"sources": "a", "target": "b"}', r"a.jsonl:2: no key 'source'. Did you mean 'sources'\? There are: sources"),
        (
            '{"source": ["a", 3], "target": "b"}',
            r"a.jsonl:2: 'source' must be a text or a list of texts.* contains 3\.",
        ),
        ('{"source": "a", "target": 3}', r"a.jsonl:2: 'target' must be a text, but it is 3"),
        ('{"source": "a", "target": "b", "refs": "c"}', r"a.jsonl:2: the references must be a list of texts"),
        ('{"source": "a", "target": "b", "refs": [["c"]]}', r"a.jsonl:2: the references must be a list of texts"),
    ):
        path.write_text(f'{{"source": "a", "target": "b"}}\n{line}\n', "utf-8")
        with pytest.raises(UserError, match=sentence):
            list(SummaryReader().read([path]))


def test_a_chat_becomes_turns_of_speakers() -> None:
    expected = (
        *("Ann", Mark.SPEAKER, "is it on at 10:30?", Mark.TURN),
        *("李雷", Mark.SPEAKER, "看 http://a.b", Mark.TURN, "yes", Mark.SPEAKER, "it is"),
    )
    assert SummaryReader(speakers=True).source(CHAT) == expected
    assert SummaryReader(speakers=True).source(f"\n{CHAT}\n \n") == expected
    assert plain(expected) == CHAT.replace("：", ": ")
    assert SummaryReader().source(CHAT) == CHAT
    assert turns("one\ntwo", "nfc") == ("one", Mark.TURN, "two")
    assert turns("no chat, at all", "nfc") == "no chat, at all"
    assert turns("Ａｎｎ：ｈｉ", "nfkc") == ("Ann", Mark.SPEAKER, "hi")
    assert SummaryReader(speakers=True).target("Ann: hi") == "Ann: hi"


def test_a_list_of_turns_is_a_chat(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"source": ["Ann: hi", "Bob: ho"], "target": "They greet."}) + "\n", "utf-8")
    (one,) = SummaryReader(speakers=True).read([path])
    assert one.source == ("Ann", Mark.SPEAKER, "hi", Mark.TURN, "Bob", Mark.SPEAKER, "ho")


def test_marks_are_ids_and_cannot_be_typed(toy_tokenizers: Tokenizers) -> None:
    tokenizer = toy_tokenizers.source
    ids = tokenizer.encode(SummaryReader(speakers=True).source("dog: the cat\ncat: eats"))
    assert [ids.count(tokenizer.marks[mark]) for mark in (Mark.TURN, Mark.SPEAKER, Mark.LINE)] == [1, 2, 0]
    typed = tokenizer.encode(SummaryReader(speakers=True).source("<turn> <speaker> the cat"))
    assert not set(typed) & set(tokenizer.marks.values())
    assert tokenizer.decode(ids) == "dog: the cat\ncat: eats"


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("Ann: hi", "Ann", "hi"),
        ("#Person1#: a: b", "#Person1#", "a: b"),
        ("Dr. Ann-Marie O'Neil Jr.: hi", "Dr. Ann-Marie O'Neil Jr.", "hi"),
        ("Mr. Smith : ok", "Mr. Smith", "ok"),
        ("Ann:", "Ann", ""),
        ("李雷：你好", "李雷", "你好"),
        ("李雷: 你好", "李雷", "你好"),
        ("用户1：3个", "用户1", "3个"),
        ("Ann (Sales): see http://x: y", "Ann (Sales)", "see http://x: y"),
    ],
)
def test_speakers_are_heard(line: str, name: str, words: str) -> None:
    assert speaker(line) == (name, words)


@pytest.mark.parametrize(
    "line",
    [
        "Ann:hi",
        "http://x.y z",
        "see http://x: y",
        "网址http：//x",
        "10:30 is fine",
        "10: 30",
        "１０：３０开会",
        "上午10：30开会",
        "The mayor of the city said: no",
        "Yes, he said: no",
        "他说，明天：好",
        "Supercalifragilisticexpialidocious: x",
        "二十二个汉字的名字太长了谁也不会叫这个：好",
        ": x",
        "：x",
        "no colon at all",
        "",
    ],
)
def test_what_only_looks_like_a_speaker_is_text(line: str) -> None:
    assert speaker(line) == ("", line)


@given(LINES, st.sampled_from([how for how in NORMALIZATIONS if how != "nfkc"]))
def test_a_chat_shown_to_people_reads_as_the_same_chat(lines: list[str], how: str) -> None:
    once = turns("\n".join(lines), how)
    assert turns(plain(once), how) == once


def test_a_test_set_of_folders_is_known_by_its_documents(tmp_path: Path) -> None:
    folders = [written(tmp_path / name, a=name, b=name) for name in ("documents", "ours", "theirs")]
    tested = of_files(folders[:2], SummaryReader(), more_references=folders[2:])
    assert [one.references for one in tested.examples] == [("ours", "theirs")] * 2
    assert [one["examples"] for one in tested.files] == [2, 2, 2]
    before = tested.files[0]["sha256"]
    (folders[0] / "b.txt").write_text("changed", "utf-8")
    assert of_files(folders[:2], SummaryReader()).files[0]["sha256"] != before
    with pytest.raises(UserError, match=r"documents is a folder, but a file is needed here."):
        of_files(folders[:2], Reader())


def test_folders_are_trained_on_and_empty_documents_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {f"d{number}": f"Ann: the {number} cats\nBob: {'ha ' * number}" for number in range(20)}
    documents = written(tmp_path / "documents", empty="", **texts)
    summaries = written(tmp_path / "summaries", empty="nothing", **dict.fromkeys(texts, "Cats."))
    data = Seq2SeqData(
        DataOptions(
            "summarization",
            SummaryReader(speakers=True, max_source_pieces=30),
            [str(documents), str(summaries)],
            [str(documents), str(summaries)],
            tokenizer=TokenizerOptions(vocabulary_size=290),
            cache_dir=str(tmp_path / "cache"),
        )
    )
    data.prepare_data()
    data.setup("fit")
    told = capsys.readouterr().err
    assert f"Dropped 1 of 21 pairs: 1 with an empty side (first at {documents}/empty.txt)." in told
    assert "of 20 sources were cut to 30 pieces (first at " in told
    assert "of 21 sources were cut to 30 pieces (first at " in told  # a validation counts every pair
    marks = data.tokenizers.source.marks
    assert {marks[Mark.SPEAKER], marks[Mark.TURN]} <= set(data.stores["train"].source(0).tolist())


@pytest.mark.slow
def test_the_advice_on_chats_is_printed_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chats = [{"id": str(n), "dialogue": f"Ann: {n} teas?\r\nBo: Yes.", "summary": f"{n} teas."} for n in range(60)]
    files = [str(tmp_path / f"{name}.json") for name in ("train", "validation")]
    for file in files:
        Path(file).write_text(json.dumps(chats), "utf-8")
    words = ["--data.train", files[0], "--data.validation", files[1], "-c", "size/tiny", "--trainer.max_steps", "1"]
    words += ["--data.tokenizer.vocabulary_size", "300", "--run_dir", str(tmp_path / "run")]
    assert cli.main(["fit", "summarization", *words]) == 0
    assert capsys.readouterr().err.count("to mark who says what, add --data.reader.speakers true.") == 1
