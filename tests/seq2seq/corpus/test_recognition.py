"""Forms of files are recognized by content: each as itself and as no other, whatever the file is called."""

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.formats.form import CONVERSATIONS, EXCHANGES, PAIRS, RECORDS, Head, Reading, Settings
from seq2seq.corpus.reader import Reader
from seq2seq.corpus.recognition import ALIGNED, FORMS, NAMES, Corpus, form_of, recognized
from seq2seq.errors import UserError
from tests.properties import examples
from tests.seq2seq.corpus.form_samples import SAMPLES, TEXTS, lines
from tests.seq2seq.text_files import written

ALL = (RECORDS, PAIRS, EXCHANGES, CONVERSATIONS)
WITHOUT_SIGNS = ("lines", "aligned")
"""Forms that remain where nothing else is recognized."""


def sample(folder: Path, name: str, file: str = "") -> Path:
    usual, text = SAMPLES[name]
    if name == "cornell":
        written(folder / "movie_conversations.txt", "u1 +++$+++ u2 +++$+++ m0 +++$+++ ['L1', 'L2']\n" * 2)
    return written(folder / (file or usual), text)


def recognize(files: Sequence[Path], kinds: Sequence[str] = ALL, name: str = "") -> Corpus:
    return recognized(files, Settings(), kinds, name=name)


def names(files: Sequence[Path], kinds: Sequence[str] = ALL, name: str = "") -> list[str]:
    return [form.name for form in recognize(files, kinds, name).forms]


def test_there_is_a_sample_of_every_form() -> None:
    assert {*SAMPLES, "aligned"} == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("name", SAMPLES)
def test_each_form_is_recognized_as_itself_and_as_no_other(tmp_path: Path, name: str) -> None:
    path = sample(tmp_path, name)
    matching = [form.name for form in FORMS if form.matches(Head(path), Settings())]
    assert matching == ([] if name in WITHOUT_SIGNS else [name])
    assert names([path]) == [name]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("file", ["export.txt", "export.txt.gz", "export"])
def test_the_name_of_a_file_does_not_matter(tmp_path: Path, name: str, file: str) -> None:
    if name == "csv":  # is recognized by its header
        assert names([sample(tmp_path, name, file)]) == ["csv"]
    else:
        assert names([sample(tmp_path, name, "movie_lines.txt" if name == "cornell" else file)]) == [name]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in WITHOUT_SIGNS])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_form_is_recognized_in_other_encodings_and_line_ends(tmp_path: Path, name: str, encoding: str) -> None:
    usual, text = SAMPLES[name]
    path = written(tmp_path / usual, text.replace("\n", "\r\n").encode(encoding))
    assert form_of(Head(path), Settings()) in [form for form in FORMS if form.name == name]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name not in ("lines", "cornell")])
def test_a_long_file_is_recognized_from_its_beginning(tmp_path: Path, name: str) -> None:
    usual, text = SAMPLES[name]
    if text[0] == "[":
        text = f"[{','.join([text[1:-1]] * 20_000)}]"
    elif name in ("telegram", "discord"):
        begin, messages = text.split('"messages": [')
        text = f'{begin}"messages": [{",".join([messages.rstrip("]}").rstrip() + "}"] * 1500)}]}}'.replace("}}}", "}}")
    elif name == "chatterbot":
        text += text[text.index("- - ") :] * 5000
    elif name in ("csv", "tsv", "discord-csv"):
        text += text.split("\n", 1)[1] * 10_000
    else:
        text *= 10_000
    path = written(tmp_path / usual, text)
    assert path.stat().st_size > 1 << 19
    assert names([path]) == [name]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "cornell"])
def test_every_sample_is_read(tmp_path: Path, name: str) -> None:
    records = list(recognize([sample(tmp_path, name)]).records(Reading()))
    assert records
    shown = str(records)
    assert {"story": "Tea was made", "cornell": TEXTS[0], "samsum": "Ann: Tea?"}.get(name, TEXTS[0]) in shown


@examples(60)
@given(st.sampled_from([name for name in SAMPLES if name not in WITHOUT_SIGNS]), st.integers(0, 1 << 32))
def test_a_damaged_file_is_recognized_as_before_or_refused_or_plain(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int
) -> None:
    """Damage never makes another structured form of a file; JSON, ParlAI and tables share keys and tabs."""
    usual, text = SAMPLES[name]
    draw = random.Random(seed)
    characters = list(text)
    for _ in range(draw.randint(1, 6)):
        characters[draw.randrange(len(characters))] = draw.choice(["", "\n", "x", ":", "{", "\t", "茶"])
    path = written(tmp_path_factory.mktemp("damaged") / usual, "".join(characters) + "x")
    found = form_of(Head(path), Settings())
    alike = {"parlai": ("tsv",), "parlai-log": ("tsv",), "discord-csv": ("csv",), "json": ()}
    assert found is None or found.name in (name, *alike.get(name, ()), *(("json",) if "json" in usual else ()))


TURN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs")), min_size=1, max_size=60).filter(
    str.strip
)


@examples(100)
@given(st.lists(TURN, min_size=4, max_size=30))
def test_plain_turns_are_lines_or_refused_and_their_reading_loses_nothing(
    tmp_path_factory: pytest.TempPathFactory, turns: list[str]
) -> None:
    path = written(tmp_path_factory.mktemp("plain") / "talk.txt", "\n".join(turns) + "\n")
    named = recognize([path], name="lines")
    read = [turn for _, record in named.records(Reading()) for turn in record["turns"]]  # type: ignore[attr-defined]
    written_turns = [turn for turn in turns if turn.strip(" =") or "===" not in turn]
    assert len(read) == len(written_turns)
    assert all(whole.endswith(turn) for whole, turn in zip(written_turns, read, strict=True))  # a name may come first


def test_sentences_of_two_people_are_lines(tmp_path: Path) -> None:
    """Real talk in many styles is never refused."""
    styles = [
        [*TEXTS] * 20,
        [text.lower().rstrip("?.") for text in TEXTS] * 20,
        [f"{('Ann', 'Bo')[n % 2]}: {text}" for n, text in enumerate(TEXTS * 20)],
        [f"{('小明', '小红')[n % 2]}：{text}" for n, text in enumerate(TEXTS * 20)],
        ["ok", "no", "yes, i do", "why?", "because", "lol", "go on then"] * 10,
        ["你好", "在吗", "在的", "好", "明天见", "再见"] * 10,
        ["- Tea?", "- Yes.", "- 茶？", "- 好。"] * 10,
        ["Well, well, well", "Yes, yes, no", "No, no, yes", "So, so, what"] * 10,
        ["*smiles* Hello there ^_^", "Hi!! <3 :-)", "- How much is it?", "$20, or 15 % less.", "好呀~~ [哈哈]"] * 10,
        ["Call me tomorrow at 555 0199, please.", "At 8:30?", "Yes, see http://a.example/b?c=1 for the way."] * 10,
        ["I like tea; do you?", "No; I like milk.", "Really; why?", "It is white; that is why."] * 10,
    ]
    for number, style in enumerate(styles):
        assert names([written(tmp_path / f"{number}.txt", "\n".join(style))]) == ["lines"]


def test_files_of_one_or_more_forms_are_read_one_after_another(tmp_path: Path) -> None:
    paths = [sample(tmp_path, name, f"{name}.txt") for name in ("whatsapp", "whatsapp", "eou", "json")]
    corpus = recognize(paths)
    assert [form.name for form in corpus.forms] == ["whatsapp", "whatsapp", "eou", "json"]
    assert len(list(corpus.records(Reading()))) == 1 + 1 + 3 + 2


def test_the_two_files_of_the_films_are_one_corpus(tmp_path: Path) -> None:
    path = sample(tmp_path, "cornell")
    for files in ([path], [path, tmp_path / "movie_conversations.txt"]):
        corpus = recognize(files)
        assert [form.name for form in corpus.forms] == ["cornell"]
        assert len(list(corpus.records(Reading()))) == 2


def test_two_texts_are_aligned_unless_both_have_another_form(tmp_path: Path) -> None:
    plain = [written(tmp_path / name, "\n".join(TEXTS)) for name in ("a.en", "a.zh")]
    objects = written(tmp_path / "objects", lines(*[{"source": text, "target": text} for text in TEXTS]))
    for files in (plain, [plain[0], objects]):
        corpus = recognize(files)
        assert corpus.forms == (ALIGNED, ALIGNED)
        assert len(list(corpus.records(Reading()))) == len(TEXTS)
    assert names([objects, objects]) == ["json", "json"]
    assert names([objects, objects], name="aligned") == ["aligned", "aligned"]


def test_a_folder_of_stories_is_read(tmp_path: Path) -> None:
    for name in ("b.story", "a.story", ".hidden.story", "notes.txt"):
        sample(tmp_path, "story", name)
    corpus = recognize([tmp_path])
    assert [path.name for path in corpus.files] == ["a.story", "b.story"]
    assert names([tmp_path]) == ["story", "story"]
    written(tmp_path / "b.story", "Tea.\n")
    with pytest.raises(UserError, match=r"b.story contains no line @highlight, which begins the summary of a story\."):
        list(recognize([tmp_path]).records(Reading()))


@pytest.mark.parametrize("name", SAMPLES)
def test_an_option_names_the_form(tmp_path: Path, name: str) -> None:
    assert names([sample(tmp_path, name)], name=name) == [name]
    assert names([sample(tmp_path, name)], name="lines") == ["lines"]


@pytest.mark.parametrize(
    ("name", "kinds", "sentence"),
    [
        (
            "whatsapp",
            (PAIRS, EXCHANGES),
            "is a WhatsApp export, which has conversations, but this task reads pairs of a source and a target or "
            "conversations with an assistant. To learn its replies, train another task: seq2seq fit dialogue "
            "--data.train FILE. If it is not that, name its form: --data.reader.form NAME (in inspect and evaluate: "
            "--form NAME).",
        ),
        (
            "openai",
            (PAIRS,),
            "is JSON of OpenAI's chat messages, which has conversations with an assistant, but this task reads pairs "
            "of a source and a target. If it is not that, name its form: "
            "--data.reader.form NAME (in inspect and evaluate: --form NAME).",
        ),
        (
            "alpaca",
            (CONVERSATIONS,),
            "is JSON of Alpaca instructions, which has pairs of a source and a target, but this task reads "
            "conversations. If it is not that, name its form: "
            "--data.reader.form NAME (in inspect and evaluate: --form NAME).",
        ),
    ],
)
def test_a_form_that_a_task_does_not_read_is_refused(
    tmp_path: Path, name: str, kinds: tuple[str, ...], sentence: str
) -> None:
    path = sample(tmp_path, name)
    for given_name in ("", name):
        with pytest.raises(UserError) as caught:
            recognize([path], kinds, given_name)
        assert str(caught.value) == f"{path} {sentence}"


def test_what_a_form_needs_is_said(tmp_path: Path) -> None:
    path = sample(tmp_path, "lines")
    with pytest.raises(UserError, match=r"--data.reader.form aligned needs two files, source and target, but 1 were"):
        recognize([path], name="aligned")
    with pytest.raises(UserError, match=r"--data.reader.form whatsapp needs a file, but none was given\."):
        recognize([], name="whatsapp")
    with pytest.raises(
        UserError, match=r"data.reader.form is 'whatsap', which does not exist. Did you mean 'whatsapp'"
    ):
        Reader(form="whatsap")
    with pytest.raises(UserError, match=r"a corpus in one file is .* If it has another form, name it: --data.reader.f"):
        recognize([path], (PAIRS,))
    with pytest.raises(UserError, match=r"two aligned text files or one .tsv, .csv or .jsonl file, but 3 files were g"):
        recognize([path] * 3)


def test_replies_of_an_assistant_and_published_pairs_are_examples_of_every_task(tmp_path: Path) -> None:
    for name, expected in {
        "openai": [(TEXTS[0], TEXTS[1]), (TEXTS[2], TEXTS[3]), (TEXTS[4], TEXTS[5])],
        "alpaca": [(TEXTS[0], TEXTS[1])] * 2,
        "samsum": [("Ann: Tea?\nBo: Yes.", TEXTS[1])],
        "cnn-dailymail": [(TEXTS[0], TEXTS[1])],
        "story": [("The kettle boiled.\nAll had tea.", "Tea was made\n好")],
    }.items():
        path = sample(tmp_path, name)
        assert [(one.source, one.target) for one in Reader().read([path])] == expected
    path = written(tmp_path / "b.jsonl", lines({"instruction": "Translate.", "input": "茶", "output": "tea"}))
    assert [(one.source, one.target) for one in Reader().read([path])] == [("Translate.\n茶", "tea")]
    by_field = Reader(source_field="input", target_field="output").read([path])
    assert [(one.source, one.target) for one in by_field] == [("茶", "tea")]
    with pytest.raises(UserError, match=r"b.jsonl:1: 'article' must be a text, but there are: instruction, input, ou"):
        list(Reader(form="cnn-dailymail").read([path]))
    written(path, lines({"article": 3, "highlights": "x"}))
    with pytest.raises(UserError, match=r"b.jsonl:1: 'article' must be a text, but it is 3\."):
        list(Reader(form="cnn-dailymail").read([path]))


def test_what_was_read_is_said_on_one_line(tmp_path: Path) -> None:
    note = Reader().understood
    assert note([sample(tmp_path, "samsum")]) == "train.json is read as JSON of SAMSum."
    assert note([sample(tmp_path, "openai")]) == (
        "a.jsonl is read as JSON of OpenAI's chat messages. Replies of the assistant are the targets; system messages "
        "are left out."
    )
    assert note([sample(tmp_path, "tsv")]) == ""
    assert note([sample(tmp_path, "tsv", "a.txt")]) == "a.txt is read as a table with tabs."
    (tmp_path / "stories").mkdir()
    for name in ("a.story", "b.story", "c.story"):
        sample(tmp_path / "stories", "story", name)
    assert note([tmp_path / "stories"]) == "a.story and 2 more files are each read as a story of CNN/DailyMail."
