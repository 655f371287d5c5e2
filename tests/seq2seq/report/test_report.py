"""The reports: well-formed, self-contained, nothing hostile gets through, and all forms tell the same numbers."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from seq2seq.errors import UserError, WorldError
from seq2seq.evaluation.report_folder import write
from seq2seq.metrics.sacrebleu_metrics import Score
from seq2seq.plugin.report_blocks import COPIED, Figure, Html, Prediction, Section, Table
from seq2seq.report.html.attention_table import COPIED_NOTE, SHORT_SOURCE
from seq2seq.report.html.cards import differing
from seq2seq.report.html.document import html_report
from seq2seq.report.html.page import script
from seq2seq.report.markdown import escaped, markdown_report
from seq2seq.report.report import Bucket, CurvePoint, Curves, Likelihood, OutputFacts, Report
from seq2seq.report.report_file import as_json, digest, read
from seq2seq.report.tables import score_table, terminal
from seq2seq.report.terminal import lines as terminal_lines
from seq2seq.safe_text import width

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'x' </td></table> | `code` *bold* \x00\x1b[31m \ud800 我们"
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Checker(HTMLParser):
    """Fails on a tag that is not closed or closed twice, and on what asks for something outside the file."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.identities: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.codes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember what is open."""
        assert tag not in ("iframe", "link", "img", "object", "embed", "base", "form")
        if tag == "script":
            self.scripts.append(dict(attrs))
        for name, value in attrs:
            assert name != "src"
            assert not name.startswith("on")
            assert name != "href" or str(value).startswith("#"), f"{tag} links outside: {value}"
            if name == "id":
                self.identities.append(str(value))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag of SVG that is closed in itself."""

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect what is read."""
        if self.open and self.open[-1] == "script":
            self.codes.append(data)
        elif self.open and self.open[-1] != "style":
            self.texts.append(data)


def score(name: str = "BLEU", value: float = 37.5) -> Score:
    return Score(name, value, value - 1.5, value + 1.5, f"{name}|nrefs:1|tok:13a")


def prediction(index: int, text: str) -> Prediction:
    return Prediction(
        index=index,
        source=text,
        hypothesis=text + " output",
        references=(text + " reference", "another"),
        score=-0.5,
        log_probability=-2.0,
        reference_log_probability=-3.0,
        reference_tokens=3,
        reference_characters=9,
        pieces=("▁" + text[:4], "▁", "<b>"),
        source_pieces=("<i>", "▁我们"),
        chrf=12.5,
        attention=((0.9, 0.1), (0.5, 0.5), (0.01, 0.99)),
        place=f"{text[:3]}:{index}",
    )


def report(text: str = "plain") -> Report:
    """Return a report in which every text is this one."""
    points = (CurvePoint(10, "train", 5.0, None), CurvePoint(20, "validation", 4.0, 12.0))
    return Report(
        title=f"Title {text}",
        task="toy",
        data="test",
        notes=(f"Note {text}",),
        recipe={
            "command": f"seq2seq evaluate '{text}'",
            "date": "2026-01-02T03:04:05+00:00",
            "model": {"path": text, "steps": 7},
            "reader": {"target_language": "zh"},
            "data": {"description": text, "files": [{"name": text, "sha256": "0123"}]},
        },
        scores=(score(), Score("TER", 50.0, None, None, "TER|x", "edits per 100 words", False)),
        likelihood=Likelihood(nats=20.0, sentences=2, tokens=10, characters=40),
        outputs=OutputFacts(1, 1, 30, 40),
        buckets=(Bucket(1, 5, 1, (score(), score("chrF", 60.0)), 0.9), Bucket(6, 6, 1, (score(), score("chrF")), 1.1)),
        predictions=(prediction(0, text), prediction(1, "fine")),
        worst=(0,),
        best=(1,),
        curves=Curves("bleu", points),
        sections=(
            Section(text, [text, Table([text, "n"], [[text, 1234]], text), Html("<p><b>own</b> markup</p>", text)]),
        ),
    )


@pytest.mark.parametrize("text", ["plain", HOSTILE, ""])
def test_html_is_well_formed_and_needs_nothing_else(text: str) -> None:
    page = html_report(report(text))
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    assert len(set(checker.identities)) == len(checker.identities)
    assert not re.search(r"https?://|@import|url\(", page)
    # One block of data, which no browser runs, and our script, whose hash is the only one that the policy allows.
    assert checker.scripts == [{"type": "application/json", "id": "outputs-data"}, {}]
    data, code = checker.codes
    assert code == script("report.js")
    assert not set("<>&") & set(data)
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert f"script-src 'sha256-{digest}';" in policy[1]
    rows = json.loads(data)["rows"]
    assert rows[1][:4] == [2, "fine", "fine output", ["fine reference", "another"]]
    assert "prefers-color-scheme: dark" in page
    assert "Noto Sans CJK SC" in page
    page.encode("utf-8")
    if text == HOSTILE:
        read_out = "".join(checker.texts)
        assert "<script>alert(1)</script>" in read_out
        assert not set("\x00\x1b\ud800") & set(page)


def test_html_shows_scores_intervals_signatures_attention_curves_sections_and_recipe() -> None:
    page = html_report(report("我们去北京"))
    for expected in (
        "37.50",
        "36.00 to 39.00",
        "BLEU|nrefs:1|tok:13a",
        "7.3891",  # exp(20/10), perplexity per token
        "--w:90",
        'title="0.90"',
        "Validation BLEU by step",
        "BLEU by source length",
        "<b>own</b> markup",
        "1,234",
        "SHA-256 0123",
        "another",
    ):
        assert expected in page, expected


def test_what_was_copied_is_marked_and_explained_where_a_network_copies() -> None:
    whole = report("我们去北京")
    copying = replace(whole.predictions[0], copied=(0.91236, 0.2, 0.0))
    shown = replace(whole, predictions=(copying, whole.predictions[1]))
    page = html_report(shown)
    assert (
        '<dt>copied</dt><dd><span class="copied"><span class="most" style="--k:91" title="0.91">我们去北</span>' in page
    )
    assert page.count(COPIED_NOTE) == 1  # where such an example is shown
    assert as_json(shown)["predictions"][0]["copied"] == [0.9124, 0.2, 0.0]
    assert "copied" not in as_json(shown)["predictions"][1]
    assert COPIED_NOTE not in html_report(whole)
    assert "<dt>copied</dt>" not in html_report(whole)


def test_the_attention_of_a_long_source_is_shown_in_its_text() -> None:
    whole = report()
    length = SHORT_SOURCE + 1
    long = replace(whole.predictions[0], source_pieces=("▁a",) * length, attention=((1.0, *[0.0] * (length - 1)),) * 3)
    page = html_report(replace(whole, predictions=(long, whole.predictions[1])))
    assert ".reading:has(#read-0-2:checked) .read-0:is(.s0){--c:100}" in page
    assert "Attention: choose a word of the output" in page
    assert "Attention: rows are output pieces" in page  # the other example's source is short


def test_a_report_without_the_parts_that_may_be_missing() -> None:
    whole = report()
    bare = replace(whole, notes=(), worst=(), best=(), curves=None, sections=())
    page = html_report(bare)
    assert "Worst examples" not in page
    assert "Learning curves" not in page
    assert "Worst examples" not in markdown_report(bare)


def test_what_differs_from_the_reference_is_marked() -> None:
    assert differing("a big dog", "a small dog") == "a <mark>big</mark> dog"
    assert differing("我喜欢猫", "我喜欢狗") == "我喜欢<mark>猫</mark>"
    # Characters count as words beside figures and letters too.
    assert differing("3月15日去了北京", "3月15日去了上海") == "3月15日去了<mark>北京</mark>"
    assert differing("买A股", "卖A股") == "<mark>买</mark>A股"
    assert differing("", "a") == ""
    assert differing("<b> a", "a") == "<mark>&lt;b&gt; </mark>a"


def test_markdown_keeps_its_tables_whole() -> None:
    text = markdown_report(report("a|b\nc <b> *d*"))
    assert "37.50" in text
    for line in text.splitlines():
        if line.startswith("| BLEU"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 5)  # the signature has its table, scores have theirs
    assert "a\\|b ⏎ c \\<b\\> \\*d\\*" in text
    assert escaped("a\u2028b") == "a ⏎ b"


def test_markup_has_a_table_in_the_forms_that_show_none() -> None:
    own = Section("Own", [Html("<p>drawn</p>", Table(["who", "n"], [["我们", 2]])), Html("<p>more</p>")])
    whole = replace(report(), sections=(own,))
    assert "<p>drawn</p><p>more</p>" in html_report(whole)
    assert "| who | n |\n| --- | ---: |\n| 我们 | 2 |" in markdown_report(whole)
    assert as_json(whole)["sections"][0]["blocks"] == [
        {"columns": ["who", "n"], "rows": [["我们", 2]], "caption": ""},
        {"text": ""},
    ]


def test_json_has_everything_and_is_read_back(tmp_path: Path) -> None:
    page = write(report("我们"), tmp_path / "new" / "folder")
    assert page == tmp_path / "new" / "folder" / "report.html"
    assert {one.name for one in page.parent.iterdir()} == {"report.html", "report.json", "report.md"}
    values = read(page.with_name("report.json"))
    assert values["scores"][0]["signature"] == "BLEU|nrefs:1|tok:13a"
    assert values["likelihood"]["per_token"]["nats"] == 2.0
    assert values["likelihood"]["per_character"]["nats"] == 0.5
    assert values["predictions"][0]["hypothesis"] == "我们 output"
    assert values["predictions"][0]["references"] == ["我们 reference", "another"]
    assert values["test_set"]["sources_sha256"] == digest(["我们", "fine"])
    assert values["sections"][0]["blocks"][1]["rows"] == [["我们", 1234]]
    assert values["recipe"]["model"]["steps"] == 7


def test_a_digest_knows_where_texts_end() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["a\n", "b"]) != digest(["a", "\nb"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is damaged or not JSON"),
        ("[" * 5000, "is nested more than 64 levels deep"),
        ('{"format": 1, "predictions": {}, "recipe": {}}', "is not a report of seq2seq evaluate"),
        ("[]", "is not a report of seq2seq evaluate"),
        ('{"format": 1}', "is not a report of seq2seq evaluate"),
        (
            json.dumps({"format": 99, "predictions": [], "recipe": {}}),
            "has format 99, but .* reads format 1: evaluate the model again",
        ),
    ],
)
def test_what_is_no_report_is_refused(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read(path)


def test_a_report_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="could not be read: No such file"):
        read(tmp_path / "report.json")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(WorldError, match=r"report\.json could not be written: Is a directory"):
        write(report(), tmp_path)


def test_a_terminal_table_is_aligned_however_wide_its_characters_are() -> None:
    lines = terminal(Table(["name", "count"], [["我们", 5], ["abc", 1234], ["e\u0301", 7]]))
    assert lines == ["name  count", "我们      5", "abc   1,234", "e\u0301         7"]
    assert {width(line) for line in lines} == {11}
    marked = terminal(Table(["step", "BLEU"], [["10", ""], ["1,000 ★", "12.00"]]))
    assert marked == ["   step   BLEU", "     10", "1,000 ★  12.00"]


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("BLEU", Figure(COPIED, 18, unit="characters", most=None, beside="reference text: 1,045", digits=0)),
        ("ROUGE-1", Figure("true reply ranked first of ten", 50.0, 40.0, 60.0, beside="by chance: 10.0 %")),
    ],
)
def test_tables_fit_a_terminal_of_80_columns(name: str, figure: Figure) -> None:
    whole = report()
    of_each = (Score(name, 45.0, 40.0, 50.0, name), score("chrF", 60.0))
    buckets = (Bucket(101, 200, 1_000, of_each, 0.9), Bucket(1, 100, 1_000, of_each, 1.1))
    lines = terminal_lines(replace(whole, notes=(), scores=of_each, figures=(figure,), buckets=buckets))
    assert "By source length:" in lines
    assert max(width(line) for line in lines if "  " in line) <= 80  # columns of tables


def test_scores_of_a_family_are_listed_in_order() -> None:
    family = score_table((score("BLEU-2"), score("BLEU-1"), score("BLEU-3")))
    assert [row[0] for row in family.rows] == ["BLEU-1", "BLEU-2", "BLEU-3"]
    assert [row[0] for row in score_table((score("TER"), score("BLEU"))).rows] == ["TER", "BLEU"]
