"""Every format and every fault of a file."""

import gzip
import os
import resource
import shlex
from pathlib import Path

import pytest

from seq2seq.corpus.languages import language_of
from seq2seq.corpus.lines import existing, lines
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files.text_encoding import conversion


def pairs(*files: Path, source: str = "source", target: str = "target") -> list[tuple[object, object]]:
    return [(one.source, one.target) for one in Reader(source, target).read(files)]


def written(path: Path, content: str | bytes) -> Path:
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_aligned_text_with_bom_and_crlf(tmp_path: Path, ending: str) -> None:
    one = written(tmp_path / f"a.en{ending}", b"\xef\xbb\xbfone\r\n\r\nthree\r\n")
    two = written(tmp_path / f"a.zh{ending}", "一\n二\n三")
    assert pairs(one, two) == [("one", "一"), ("", "二"), ("three", "三")]


def test_only_newlines_end_a_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "a\u2028b\x85c\x0bd\x1ce\rf\nnext\n")
    assert list(lines(path)) == ["a\u2028b\x85c\x0bd\x1ce\rf", "next"]
    path = written(tmp_path / "a.jsonl", '{"source": "a\u2028b", "target": "c"}\n')
    assert pairs(path) == [("a b", "c")]
    path = written(tmp_path / "a.tsv", "source\ttarget\na\u2028b\tc\x85d\n")
    assert pairs(path) == [("a b", "c d")]


def test_reading_streams(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv.gz", "".join(f"{number}\tx\n" for number in range(1000)) + "broken")
    examples = Reader("1", "2").read([path])
    assert next(examples).source == "0"


def test_tables_by_name_and_by_number(tmp_path: Path) -> None:
    tsv = written(tmp_path / "a.tsv", 'zh\tid\ten\n"你好\t1\t"Hello\n\n好\t2\tfine\n')
    assert pairs(tsv, source="en", target="zh") == [('"Hello', '"你好'), ("fine", "好")]
    assert pairs(tsv, source="3", target="1")[0] == ("en", "zh")
    text = 'source,target\n"a, ""quoted""","two\nlines"\nb,c\n'
    quoted = written(tmp_path / "a.csv.gz", text)
    assert pairs(quoted) == [('a, "quoted"', "two\nlines"), ("b", "c")]


def test_a_long_csv_field_is_read(tmp_path: Path) -> None:
    long = "word " * 60_000
    path = written(tmp_path / "a.csv", f"source,target\n{long},short\n")
    assert pairs(path) == [(long.strip(), "short")]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("train.en", "en"),
        ("train.zh.gz", "zh"),
        ("a.zh-CN.txt", "zh"),
        ("a.zh_Hans.gz", "zh"),
        ("en", "en"),
        ("train.src", ""),
        ("tok.bpe.de", "de"),
        ("train.txt.gz", ""),
    ],
)
def test_languages_from_names(name: str, language: str) -> None:
    assert language_of(name) == language


def test_a_missing_file_names_its_nearest_sibling(tmp_path: Path) -> None:
    written(tmp_path / "train.en", "x\n")
    with pytest.raises(UserError, match=r"No file .*trian.en. Did you mean 'train.en'"):
        pairs(tmp_path / "trian.en", tmp_path / "train.de")
    with pytest.raises(UserError, match=r"its folder .*nowhere does not exist"):
        pairs(tmp_path / "nowhere" / "train.en", tmp_path / "train.de")


def test_a_name_of_several_words_is_quoted(tmp_path: Path) -> None:
    written(tmp_path / "my text.en", "x\n")
    with pytest.raises(UserError, match=r"^No file '.*/my txt\.en'\. Did you mean 'my text\.en'\?$"):
        existing(tmp_path / "my txt.en")
    with pytest.raises(UserError, match=r"^No file '.*/books\.'\.$"):
        existing(tmp_path / "books.")


def test_one_file_is_not_source_and_target(tmp_path: Path) -> None:
    path = written(tmp_path / "train.en", "x\n")
    with pytest.raises(UserError, match=r"train\.en is given as source and as target: give the file of"):
        pairs(path, path)


def test_a_pipe_is_not_called_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.en")
    with pytest.raises(UserError, match=r"a\.en is a pipe or a device, but a file that can be read several times is"):
        pairs(tmp_path / "a.en", written(tmp_path / "a.de", "x\n"))


def test_an_empty_file_or_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.en is empty"):
        pairs(written(tmp_path / "a.en", ""), written(tmp_path / "a.de", "x\n"))
    with pytest.raises(UserError, match=r"a.en.gz is empty"):
        pairs(written(tmp_path / "a.en.gz", ""), written(tmp_path / "a.de", "x\n"))
    with pytest.raises(UserError, match=r"is a folder, but a file is needed"):
        pairs(tmp_path, tmp_path / "a.de")
    with pytest.raises(UserError, match=r"holds a header but no rows"):
        pairs(written(tmp_path / "a.tsv", "source\ttarget\n"))
    with pytest.raises(UserError, match=r"holds blank lines only"):
        pairs(written(tmp_path / "a.jsonl", "\n\n"))


@pytest.mark.parametrize(("first", "second"), [(3, 5), (5, 3)])
def test_unequal_line_counts_tell_both_numbers(tmp_path: Path, first: int, second: int) -> None:
    one, two = written(tmp_path / "a.en", "x\n" * first), written(tmp_path / "a.de", "y\n" * second)
    with pytest.raises(UserError, match=f"a.en has {first} lines, but .*a.de has {second}"):
        pairs(one, two)


def test_invalid_utf8_tells_file_and_line(tmp_path: Path) -> None:
    one = written(tmp_path / "a.en", b"fine\nbad \xe9 here\n")
    with pytest.raises(UserError, match=r"a.en, line 2: not UTF-8 \(byte 0xe9 at position 5\)"):
        pairs(one, written(tmp_path / "a.de", "x\ny\n"))


def test_a_damaged_gzip_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv.gz", "source\ttarget\n" + "a\tb\n" * 10_000)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UserError, match=r"a.tsv.gz is damaged or not a gzip file"):
        pairs(path)
    path.write_bytes(b"plain text")
    with pytest.raises(UserError, match=r"a.tsv.gz is damaged or not a gzip file"):
        pairs(path)


def test_a_file_that_the_system_does_not_open_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "source\ttarget\na\tb\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # No file may be opened any more.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(UserError, match=r"a.tsv could not be read: Too many open files"):
            next(lines(path))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_line_that_is_no_json_is_shown(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", '{"source": "a", "target": "b"}\nHello there\n')
    with pytest.raises(UserError, match=r"a.jsonl:2: not JSON .* the line begins with: Hello there"):
        pairs(path)
    with pytest.raises(UserError, match=r"a JSON object like {...} is needed, but the line begins with: \[1\]"):
        pairs(written(path, "[1]\n"))
    with pytest.raises(UserError, match=r"a.jsonl:1: not JSON \(nested more than 64 levels deep\)"):
        pairs(written(path, '{"a": ' + "[" * 70 + "]" * 70 + "}"))


def test_a_missing_column_names_those_that_exist(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "sources\tid\na\tb\n")
    with pytest.raises(
        UserError,
        match=r"no column 'source'. Did you mean 'sources'. Its first line is: sources \| id\. .*source_field 1",
    ):
        pairs(path)
    with pytest.raises(UserError, match=r"a.tsv:1: column 3 is missing; the line has 2 columns"):
        pairs(path, source="1", target="3")
    short = written(tmp_path / "b.tsv", "source\ttarget\na\tb\nonly one\n")
    with pytest.raises(UserError, match=r"b.tsv:3: column target is missing; the line has 1 columns"):
        pairs(short)
    long = written(tmp_path / "c.tsv", "source\ttarget\na\tb\tstray\n")
    with pytest.raises(UserError, match=r"c.tsv:2: the line has 3 columns, but the header names 2\."):
        pairs(long)


def test_a_carriage_return_inside_a_tsv_is_text(tmp_path: Path) -> None:
    assert pairs(written(tmp_path / "a.tsv", "source\ttarget\na\rb\tc\n")) == [("a b", "c")]


def test_an_unclosed_quote_is_a_fault_of_the_table(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'source,target\n"a,b\nc,d\n')
    with pytest.raises(UserError, match=r"a.csv, line .*: not a valid table"):
        pairs(path)


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("今天我去了动物园。\n", "gb18030", "GB18030"),
        ("他说 hello，然后走了 42 步。", "gb18030", "GB18030"),
        ("Le général a été très gêné à l'hôtel.", "latin-1", "LATIN1"),
        ("Über die Straße fährt ein großer Bär.", "latin-1", "LATIN1"),
    ],
)
def test_the_conversion_that_is_named_gives_the_text_back(text: str, encoding: str, named: str) -> None:
    assert conversion(text.encode(encoding)) == f"iconv -f {named} -t UTF-8"


def test_a_chinese_file_in_another_encoding_is_told_its_conversion(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "今天我去了动物园。\n".encode("gb18030"))
    with pytest.raises(UserError, match=r"a.txt, line 1: not UTF-8 .* for example with iconv -f GB18030 -t UTF-8\."):
        list(lines(path))


@pytest.mark.parametrize(
    ("name", "content", "program"),
    [
        ("a.json", '[{"source": "x", "target": "y"}]\n', ".[]"),
        ("a.json", '[\n  {"source": "x", "target": "y"}\n]\n', ".[]"),
        ("a b.jsonl", '{\n  "source": "x",\n  "target": "y"\n}\n', "."),
        ("a.json.gz", '[{"source": "x", "target": "y"}]\n', ".[]"),
    ],
)
def test_json_of_another_form_is_told_its_conversion(tmp_path: Path, name: str, content: str, program: str) -> None:
    path = written(tmp_path / name, content)
    with pytest.raises(UserError) as caught:
        pairs(path)
    made = tmp_path / f"{name.split('.')[0]}-lines.jsonl"
    given = f"jq -c '{program}' {shlex.quote(str(path))}"
    if name.endswith(".gz"):
        given = f"gzip -dc {path} | jq -c '{program}'"
    assert str(caught.value) == (
        f"{path} is JSON, but not with one object in each line (JSONL): convert it with {given} > "
        f"{shlex.quote(str(made))}"
    )


def test_a_line_that_is_no_object_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"a.jsonl:1: a JSON object like {...} is needed, but the line begins with: \[1"
    ):
        pairs(written(tmp_path / "a.jsonl", "[1, 2]\n"))
    with pytest.raises(UserError, match=r"a.jsonl:2: a JSON object like {...} is needed, .* begins with: \[{"):
        pairs(written(tmp_path / "a.jsonl", '{"source": "x", "target": "y"}\n[{}]\n'))


@pytest.mark.parametrize(("key", "option"), [("target", "source_field"), ("source", "target_field")])
def test_a_missing_key_names_the_option_that_names_it(tmp_path: Path, key: str, option: str) -> None:
    path = written(tmp_path / "a.jsonl", f'{{"{key}": "x", "文": "y"}}\n')
    with pytest.raises(UserError) as caught:
        pairs(path)
    assert f"no key '{option.removesuffix('_field')}'" in str(caught.value)
    assert str(caught.value).endswith(
        f"There are: {key}, 文. Name the right one with --data.reader.{option} KEY (in use: --{option} KEY)."
    )
