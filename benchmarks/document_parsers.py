"""Documents as other parsers than those of `seq2seq.documents` read them, to compare a document with its translation.

Each function returns the texts of a document and its frame: everything that a translation must not change, in order.

| format | parser |
| --- | --- |
| .po | the lines of each entry, here |
| .xlf, .xliff, .tmx | xml.etree |
| .srt, .vtt, .ass | pysubs2 |
| .html | lxml.html |
| .md | markdown-it-py to HTML, and lxml.html |
| .docx | python-docx |
| .json | json |
| .properties | translate-toolkit |
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)?\s*"(.*)"\s*$')
_TOKEN = re.compile(r"\\(.)")
_NAMED = {"n": "\n", "t": "\t", "r": "\r"}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OF_RUNS = frozenset(
    f"{_WORD}{name}" for name in "r rPr t tab br cr noBreakHyphen softHyphen proofErr lastRenderedPageBreak".split()
)
"""Elements of a Word document that a translation may divide or join."""


_BREAKS = (f"{_WORD}tab", f"{_WORD}br", f"{_WORD}cr")


@dataclass(frozen=True)
class Text:
    """A text of a document.

    Args:
        place: Where it is, for messages.
        source: The text that is translated; of a format without sources '', because the source document has it.
        written: The translation in the document; None if it has none.
    """

    place: str
    source: str
    written: str | None


@dataclass
class Parsed:
    """A document.

    Args:
        texts: Its texts, in order.
        frame: What a translation must not change, in order.
        comments: Number of its comments and notes.
    """

    texts: list[Text] = field(default_factory=list)
    frame: list[str] = field(default_factory=list)
    comments: int = 0


def catalogue(content: bytes) -> Parsed:
    """Read a gettext catalogue; flags, and previous sources of fuzzy messages, are no part of the frame."""
    encoding = re.search(rb"charset=([\w-]+)", content)
    name = encoding[1].decode() if encoding else "utf-8"
    parsed = Parsed()
    for number, block in enumerate(re.split(r"(?:\r?\n){2,}", content.decode(name if name != "CHARSET" else "utf-8"))):
        fields: dict[str, str] = {}
        key = ""
        for line in re.split("\r?\n", block):
            if line.startswith("#"):
                if not line.startswith(("#,", "#|")):
                    parsed.frame.append(line.rstrip())
                    parsed.comments += 1
            elif match := _LINE.match(line.strip()):
                key = match[1] or key
                value = _TOKEN.sub(lambda found: _NAMED.get(found[1], found[1]), match[2])
                fields[key] = fields.get(key, "") + value
        parsed.frame += [f"{key}: {value}" for key, value in fields.items() if not key.startswith("msgstr")]
        if number and fields.get("msgid"):
            for key, value in fields.items():
                if key.startswith("msgstr"):
                    sources = [fields["msgid"], fields.get("msgid_plural", fields["msgid"])]
                    parsed.texts.append(Text(f"{sources[0][:30]!r} {key}", "\0".join(dict.fromkeys(sources)), value))
    return parsed


def xliff(content: bytes) -> Parsed:
    """Read XLIFF 1.2 or 2; targets, states and the target language are no part of the frame."""
    parsed = Parsed()
    for element in _xml(content, parsed):
        name = element.tag.rpartition("}")[2]
        if name in ("trans-unit", "segment"):
            own = {child.tag.rpartition("}")[2]: child for child in element if isinstance(child.tag, str)}
            source, target = own.get("seg-source", own.get("source")), own.get("target")
            if source is not None:
                is_written = target is not None
                parsed.texts.append(Text(element.get("id", ""), _flat(source), _flat(target) if is_written else None))
            element.attrib.pop("state", None)
            element.attrib.pop("subState", None)
        if name in ("xliff", "file"):
            element.attrib.pop("target-language", None)
            element.attrib.pop("trgLang", None)
        is_target = name == "target" and element.get("_of") in ("trans-unit", "segment")
        if not is_target and element.get("_inside") != "target":
            shown = {key: value for key, value in element.attrib.items() if not key.startswith("_")}
            parsed.frame.append(f"{name} {shown} {(element.text or '').strip()}")
        parsed.comments += name == "note"
        for child in filter(lambda found: isinstance(found.tag, str), element):
            child.set("_of", name)
            if is_target or element.get("_inside") == "target":
                child.set("_inside", "target")
    return parsed


def memory(content: bytes) -> Parsed:
    """Read TMX; only variants of the header's source language, or of the first language, are part of the frame."""
    parsed = Parsed()
    first = ""
    for element in _xml(content, parsed):
        if element.tag == "header":
            first = element.get("srclang", "")
            parsed.frame.append(f"header {element.attrib}")
        if element.tag == "tu":
            variants = [(child.get(_LANG) or child.get("lang") or "", child) for child in element.findall("tuv")]
            wanted = first if any(_same(code, first) for code, _ in variants) else variants[0][0]
            source = next(_flat(found) for code, tuv in variants if _same(code, wanted) for found in tuv.findall("seg"))
            others = [tuv for code, tuv in variants if not _same(code, wanted)]
            written = next((_flat(found) for tuv in others for found in tuv.findall("seg")), None)
            parsed.frame.append(f"tu {element.attrib} {source}")
            parsed.frame += [f"{child.tag} {child.text}" for child in element if child.tag != "tuv"]
            parsed.comments += sum(child.tag == "note" for child in element)
            parsed.texts.append(Text(source[:30], source, written))
    return parsed


def subtitles(content: bytes, suffix: str) -> Parsed:
    """Read subtitles."""
    import pysubs2

    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    text = content.decode(encoding).replace("\r\n", "\n")
    subs = pysubs2.SSAFile.from_string(text, format_=suffix[1:], keep_html_tags=True, keep_unknown_html_tags=True)
    parsed = Parsed()
    for event in subs.events:
        place = f"{event.start}-{event.end}"
        parsed.frame.append(f"{event.type} {place} {event.style} {event.name} {event.effect}")
        parsed.texts.append(Text(place, "", event.text))
    lines = text.split("\n")
    notes = [line for line in lines if re.match(r"NOTE|STYLE|REGION|::|;|Style:|\d\d.*-->", line)]
    parsed.comments = sum(line.startswith(("NOTE", ";")) for line in notes)
    parsed.frame += notes
    return parsed


def html(content: bytes) -> Parsed:
    """Read a web page; each text between two tags is one."""
    from lxml import etree
    from lxml import html as pages

    parsed = Parsed()
    for element in pages.document_fromstring(content).iter():
        name = element.tag if isinstance(element.tag, str) else "comment"
        is_text = name not in ("script", "style", "comment", "code", "kbd", "samp", "var")
        parsed.comments += isinstance(element, etree._Comment)
        parsed.frame.append(f"{name} {sorted(element.items())} {'' if is_text else element.text}")
        texts = [element.text if is_text else "", element.tail]
        parsed.texts += [Text(f"line {element.sourceline}", "", text) for text in texts if text and text.strip()]
    return parsed


def markdown(content: bytes) -> Parsed:
    """Read Markdown through the HTML that it is rendered to."""
    from markdown_it import MarkdownIt

    text = content.decode("utf-8-sig")
    front = re.match(r"---\n.*?\n(?:---|\.\.\.)\n", text, re.DOTALL)
    body = text[front.end() :] if front else text
    parsed = html(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body).encode() or b"<p></p>")
    frame = [" ".join(part.replace("\\n", " ").split()) for part in parsed.frame]  # code in several lines gets one
    return Parsed(parsed.texts, [*([front[0]] if front else []), *frame], parsed.comments)


def word(content: bytes) -> Parsed:
    """Read a Word document."""
    import docx

    parsed = Parsed()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            is_text = re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", entry.filename)
            parsed.frame.append(f"{entry.filename} {'' if is_text else entry.CRC}")
    document = docx.Document(io.BytesIO(content))
    for element in document.element.body.iter():
        if not isinstance(element.tag, str) or element.tag in _OF_RUNS or _is_format(element):
            continue
        shown = "" if element.tag in (f"{_WORD}p", f"{_WORD}hyperlink") else element.text
        parsed.frame.append(f"{element.tag.rpartition('}')[2]} {sorted(element.items())} {(shown or '').strip()}")
        if element.tag == f"{_WORD}p":
            parts = element.iter(f"{_WORD}t", *_BREAKS)
            text = "".join(" " if part.tag in _BREAKS else part.text or "" for part in parts)
            if text.strip():
                parsed.texts.append(Text(text[:30], "", text))
    return parsed


def strings(content: bytes) -> Parsed:
    """Read a JSON document."""
    parsed = Parsed()

    def walk(value: Any, path: str) -> None:  # noqa: ANN401 - JSON values
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{path}.{key}")
        elif isinstance(value, list):
            for number, inner in enumerate(value):
                walk(inner, f"{path}.{number}")
        elif isinstance(value, str):
            parsed.frame.append(path)
            parsed.texts.append(Text(path, "", value))
        else:
            parsed.frame.append(f"{path} {value}")

    walk(json.loads(content.decode("utf-8-sig")), "")
    return parsed


def properties(content: bytes) -> Parsed:
    """Read a .properties file."""
    from translate.storage.properties import propfile

    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "latin-1"
    found = propfile(personality="java", encoding=encoding)
    found.parse(content)
    parsed = Parsed()
    for unit in found.units:
        parsed.frame += [unit.name, *unit.comments]
        parsed.comments += len(unit.comments)
        if unit.name:
            parsed.texts.append(Text(unit.name, "", str(unit.source)))
    return parsed


PARSERS: dict[str, Callable[[bytes], Parsed]] = {
    **dict.fromkeys((".po", ".pot"), catalogue),
    **dict.fromkeys((".xlf", ".xliff"), xliff),
    ".tmx": memory,
    ".srt": lambda content: subtitles(content, ".srt"),
    ".vtt": lambda content: subtitles(content, ".vtt"),
    ".ass": lambda content: subtitles(content, ".ass"),
    **dict.fromkeys((".html", ".htm"), html),
    **dict.fromkeys((".md", ".markdown"), markdown),
    ".docx": word,
    ".json": strings,
    ".properties": properties,
}


def _xml(content: bytes, parsed: Parsed) -> Iterator[Any]:
    """Yield the elements of an XML document, and count its comments."""
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    root = ElementTree.fromstring(content, ElementTree.XMLParser(target=builder))
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element
        else:
            parsed.comments += 1
            parsed.frame.append(f"comment {element.text}")


def _flat(element: Any) -> str:  # noqa: ANN401 - an element
    """Return the content of an element, with inline elements as tags that name their identifier."""
    text = element.text or ""
    for child in element:
        if child.tag is ElementTree.Comment:
            text += child.tail or ""
            continue
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else "instruction"
        tag = f"{name} {child.get('id') or child.get('mid') or child.get('i') or ''}".strip()
        text += f"<{tag}>{_flat(child)}</{tag.split()[0]}>{child.tail or ''}"
    return text


def _is_format(element: Any) -> bool:  # noqa: ANN401 - an element
    """Return whether an element is in the format of a run."""
    return any(found.tag == f"{_WORD}rPr" for found in element.iterancestors())


def _same(code: str, other: str) -> bool:
    return code.lower().split("-")[0] == other.lower().split("-")[0]
