"""A small report for tests, hostile text to put into one, and a strict HTML parser."""

from html.parser import HTMLParser

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import Html, Prediction, Section, Table
from seq2seq.report.report import Bucket, CurvePoint, Curves, Likelihood, OutputFacts, Report

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'x' </td></table> | `code` *bold* \x00\x1b[31m \ud800 我们"
VOID = {"meta", "br", "link", "img", "input", "hr"}


class Checker(HTMLParser):
    """Fails on a tag that is not closed or closed twice, and on anything that loads another file."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.identities: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.codes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check a tag, and record that it is open."""
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
        """Accept a self-closing tag of SVG."""

    def handle_endtag(self, tag: str) -> None:
        """Check that the tag closes the last open one."""
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect scripts and visible text."""
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
    """Return a report that contains this text in all its parts."""
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
