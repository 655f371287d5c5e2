"""Translation memories as corpora: languages, inline codes, what is left out, damage, and memory."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.corpus.formats import xml_files
from seq2seq.corpus.formats.form import Reading, Settings
from seq2seq.corpus.formats.translation_memory import languages, read
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from tests.environments import REPOSITORY
from tests.seq2seq.text_files import written

TMX = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="{first}"/><body>
{units}
</body></tmx>
"""


def tuv(language: str, text: str, name: str = "xml:lang", more: str = "") -> str:
    return f'<tuv {name}="{language}"{more}><seg>{text}</seg></tuv>'


def tmx(folder: Path, *units: str, first: str = "en", name: str = "a.tmx", encoding: str = "utf-8") -> Path:
    text = TMX.format(first=first, units="\n".join(f"<tu>{unit}</tu>" for unit in units), encoding=encoding.upper())
    return written(folder / name, text.encode(encoding))


TEA = tuv("en-US", "Tea?") + tuv("zh-CN", "要茶吗？")
MILK = tuv("zh-CN", "牛奶") + tuv("en-US", "Milk")


def pairs(path: Path, source: str = "", target: str = "", *, reverse: bool = False) -> list[tuple[object, object]]:
    reader = Reader(source_language=source, target_language=target, reverse=reverse)
    return [(example.source, example.target) for example in reader.read([path])]


@pytest.mark.parametrize(
    ("first", "given", "is_english_first"),
    [
        ("en", ("", ""), True),
        ("zh", ("", ""), False),
        ("*all*", ("", ""), True),  # the first of the file
        ("en", ("zh", "en"), False),
        ("en", ("zh", ""), False),
        ("en", ("", "en-US"), False),
        ("zh", ("EN_us", "zh"), True),
    ],
)
def test_the_languages_are_those_given_or_the_only_two(
    tmp_path: Path, first: str, given: tuple[str, str], is_english_first: bool
) -> None:
    path = tmx(tmp_path, TEA, MILK, first=first)
    expected = [("Tea?", "要茶吗？"), ("Milk", "牛奶")]
    assert pairs(path, *given) == (expected if is_english_first else [(two, one) for one, two in expected])


def test_the_reader_takes_the_languages_of_the_file(tmp_path: Path) -> None:
    path = tmx(tmp_path, TEA)
    named = Reader().with_languages([path])
    assert (named.source_language, named.target_language) == ("en", "zh")
    backwards = Reader(reverse=True).with_languages([path])
    assert (backwards.source_language, backwards.target_language) == ("zh", "en")
    assert pairs(path, "zh", "en", reverse=True) == [("要茶吗？", "Tea?")]
    assert languages(tmx(tmp_path, tuv("zh-CN", "茶壶") + tuv("zh-TW", "茶壺")), Settings()) == ("zh-CN", "zh-TW")


def test_of_several_languages_two_are_chosen(tmp_path: Path) -> None:
    path = tmx(tmp_path, TEA + tuv("de", "Tee?"), tuv("de", "Kuchen") + tuv("en-GB", "Cake"))
    assert pairs(path, "de", "en") == [("Tee?", "Tea?"), ("Kuchen", "Cake")]
    assert pairs(path, "de", "en-GB") == [("Kuchen", "Cake")]
    sentence = (
        f"{path} has texts in these languages: de, en-GB, en-US, zh-CN. A corpus needs two: name the source and the "
        "target with --data.reader.source_language CODE and --data.reader.target_language CODE (inspect, evaluate: "
        "--source_language CODE --target_language CODE)."
    )
    for given in (("", ""), ("de", ""), ("", "en")):
        with pytest.raises(UserError) as caught:
            pairs(path, *given)
        assert str(caught.value) == sentence
    with pytest.raises(UserError) as caught:
        pairs(path, "de", "fr")
    assert str(caught.value) == (
        f"{path} has no unit with a text in de and one in fr that a person wrote; its languages are: de, en-GB, en-US, "
        "zh-CN."
    )


def test_codes_are_left_out_and_texts_kept(tmp_path: Path) -> None:
    text = (
        'Press <bpt i="1">&lt;b&gt;</bpt>OK<ept i="1">&lt;/b&gt;</ept><ph>{0}<sub>x</sub></ph> <hi>now<it '
        'pos="begin">q</it>!</hi> <!-- c --><![CDATA[<3]]> &amp; 茶'
    )
    path = tmx(tmp_path, tuv("en", text) + tuv("de", "  Ja\n", "lang"))
    assert pairs(path) == [("Press OK now! <3 & 茶", "Ja")]


def test_units_without_both_languages_and_of_models_are_counted(tmp_path: Path) -> None:
    machine = tuv("en", "Sugar") + tuv("zh", "糖", more=' changeid="lstm-seq2seq"')
    path = tmx(tmp_path, TEA, tuv("en", "Cup"), tuv("en", "Pot") + tuv("zh", " <ph>x</ph>"), machine, MILK)
    reading = Reading()
    records = list(read(path, Settings("message", "reply"), reading))
    assert records == [
        (f"{path}:4", {"message": "Tea?", "reply": "要茶吗？"}),
        (f"{path}:8", {"message": "Milk", "reply": "牛奶"}),
    ]
    assert Reader().understood([path]) == (
        "a.tmx is read as a translation memory (TMX): 2 pairs; left out: 2 units without both languages, 1 unit of "
        "machine translation."
    )


@pytest.mark.parametrize("name", ["a.tmx", "a.tmx.gz", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_encodings_and_names(tmp_path: Path, name: str, encoding: str) -> None:
    text = TMX.format(first="en", units=f"<tu>{TEA}</tu>", encoding=re.sub("-(sig|le|be)$", "", encoding))
    assert pairs(written(tmp_path / name, text.encode(encoding))) == [("Tea?", "要茶吗？")]


def test_a_wrong_declaration_of_utf_16_does_not_matter(tmp_path: Path) -> None:
    text = TMX.format(first="en", units=f"<tu>{TEA}</tu>", encoding="UTF-8")
    assert pairs(written(tmp_path / "a.tmx", text.encode("utf-16"))) == [("Tea?", "要茶吗？")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<tmx>\n<tu>\n<tuv></tu></tmx>", r"a.tmx:3: not well-formed XML \(Opening and ending tag mismatch"),
        ("<tmx><body>\n<tu>", r"a.tmx:2: not well-formed XML \("),
        ("Tea", r"a.tmx:1: not well-formed XML \(Start tag expected"),
        ("<xliff/>", None),
        ("<html/>", r"a.tmx is not TMX: its root element is html, not tmx\."),
        ("<tmx/>", r"a.tmx has texts in these languages: none\. A corpus needs two"),
        (
            '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<tmx>\n<tu><tuv xml:lang="en"><seg>&a;</seg>'
            '</tuv><tuv xml:lang="de"><seg>b</seg></tuv></tu></tmx>',
            r"a.tmx:3: the entity &a; is not one of XML's own, and no other is expanded: write its text\.",
        ),
        (b"<tmx>\n\xff\xfe\xfa</tmx>", r"a.tmx:2: not well-formed XML \("),
    ],
)
def test_what_is_no_memory_is_refused(tmp_path: Path, content: str | bytes, sentence: str | None) -> None:
    path = written(tmp_path / "a.tmx", content)
    if sentence is None:
        sentence = r"a.tmx has no unit with a finished translation"  # it is XLIFF, whatever its name is
    with pytest.raises(UserError, match=sentence):
        pairs(path)


def test_damage_of_a_compressed_file_is_said(tmp_path: Path) -> None:
    path = tmx(tmp_path, *[TEA.replace("Tea", f"Tea {number**7}") for number in range(20_000)], name="a.tmx.gz")
    path.write_bytes(path.read_bytes()[:-9000])
    with pytest.raises(UserError, match=r"a.tmx.gz is damaged or not a gzip file: Compressed file ended before"):
        pairs(path)


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """A small file that would expand to gigabytes is refused at once."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    unit = f"<tu>{tuv('en', '&e11;')}{tuv('de', 'b')}</tu>"
    path = written(tmp_path / "a.tmx", f'<!DOCTYPE tmx [<!ENTITY e0 "aaaaaaaaaa">{bomb}]>\n<tmx>{unit}</tmx>')
    with pytest.raises(
        UserError, match=r"a.tmx:\d: (not well-formed XML \(Maximum entity|the entity &e11; is not one)"
    ):
        pairs(path)


def test_a_missing_library_is_named_by_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmx(tmp_path, TEA)
    monkeypatch.setattr(xml_files, "find_spec", lambda _: None)
    with pytest.raises(UserError) as caught:
        pairs(path)
    assert str(caught.value) == (
        f'{path} needs a library for its format, which is not installed: pip install "lstm-seq2seq[formats]"'
    )


PEAK = """
import re, sys
from pathlib import Path
from seq2seq.corpus.reader import Reader
count = sum(1 for _ in Reader().read([Path(sys.argv[1])]))
print(count, re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
"""
"""A program that prints its peak memory. (``resource`` would give that of the tests, of which it is a child.)"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = {}
    for count in (10_000, 100_000):
        units = (
            tuv("en", f"Is there any tea <ph>{n}</ph> left, number {n}?") + tuv("zh", f"还有茶吗？{n}")
            for n in range(count)
        )
        path = tmx(tmp_path, *units)
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(path)], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        read_count, peaks[count] = map(int, done.stdout.split())
        assert read_count == count
    print(f"peak memory in KiB by units: {peaks}")
    assert peaks[100_000] - peaks[10_000] < 4 * 1024
