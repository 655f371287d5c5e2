"""Translates texts so that every protected span of a source is in its output, and no other.

A text is translated as a whole first; a model that was trained with masks keeps its spans (`seq2seq.corpus.masks`). If
a span is lost, invented or misplaced, the parts between the spans are translated on their own and joined with the spans
of the source. If even that fails, the text stays untranslated.

Line breaks and the spaces at both ends of a line are kept.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.corpus.protected_spans import INLINE, difference, pieces, respelled, spans
from seq2seq.documents.steps import Steps

# What XML forbids, and what programs take for the end of a line; byte fallback lets a model write them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_BREAK = re.compile(r"(\r\n|\r|\n)")
_SINGLE = re.compile(r"<!--|<[^<>]*/>$|<(?:br|hr|img|input|wbr)\b", re.IGNORECASE)
_NAME = re.compile(r"</?([\w:.-]+)[^<>]*>")
_END = re.compile(r"[.。．]$")
_CLOSED = re.compile(r"[.。．!！?？…:：;；,，、][\"'”’」』)）]*$")


@dataclass(frozen=True)
class Translated:
    """The result for a text.

    Args:
        text: The translation; None if the text stays as it is.
        note: What was lost and how it was repaired; '' if all spans survived.
    """

    text: str | None
    note: str = ""


@dataclass(frozen=True)
class _Line:
    """A line of a text: what is kept before and after it, and what is translated."""

    before: str
    core: str
    after: str


def translated(
    texts: Sequence[str], pairs: Sequence[Sequence[tuple[str, str]]] = (), *, has_masks: bool = False
) -> Steps[list[Translated]]:
    """Translate texts with protected spans, in steps that yield lines without surrounding spaces.

    Args:
        texts: The texts.
        pairs: For each text the inline characters that belong together, as opening and closing tag.
        has_masks: Whether the model was trained with masks (`seq2seq.corpus.masks`), so its outputs keep inline
            characters. If not, these divide a text from the start, because no model knows them.
    """
    divided = [_divided(text) for text in texts]
    belonging = pairs or [()] * len(texts)
    lines = [[_line(part, own) for part in parts[::2]] for parts, own in zip(divided, belonging, strict=True)]
    cores = list(dict.fromkeys(line.core for group in lines for line in group if _has_words(line.core)))
    whole = [core for core in cores if has_masks or not any(ord(character) >= INLINE for character in core)]
    outputs = dict(zip(whole, map(_clean, (yield whole)), strict=True)) if whole else {}
    first = [
        [_checked(line.core, outputs.get(line.core), own) for line in group]
        for group, own in zip(lines, belonging, strict=True)
    ]
    repaired = yield from _by_parts(
        list(
            dict.fromkeys(
                line.core
                for group, found in zip(lines, first, strict=True)
                for line, (text, _) in zip(group, found, strict=True)
                if text is None
            )
        )
    )
    results = []
    for source, parts, group, found in zip(texts, divided, lines, first, strict=True):
        written, notes, is_kept = [], [], False
        for line, (text, note) in zip(group, found, strict=True):
            if text is None:
                text = repaired[line.core]
                is_kept = is_kept or text is None
                note = f"{note}: the rest was translated in parts" if note and text is not None else note
            written.append(line.before + (line.core if text is None else text) + line.after)
            notes += [note] if note else []
        joined = "".join(part for pair in zip(written, [*parts[1::2], ""], strict=True) for part in pair)
        if is_kept or difference(source, joined):
            reason = "; ".join(notes) or "no translation keeps its placeholders"
            results.append(Translated(None, f"{reason}: left untranslated"))
        else:
            results.append(Translated(joined, "; ".join(notes)))
    return results


def _divided(text: str) -> list[str]:
    """Return lines and the breaks between them, in turn; a break inside a span does not count."""
    found = spans(text)
    parts, position = [], 0
    for match in _BREAK.finditer(text):
        if not any(span.start <= match.start() < span.end for span in found):
            parts += [text[position : match.start()], match[0]]
            position = match.end()
    return [*parts, text[position:]]


def _line(text: str, pairs: Sequence[tuple[str, str]]) -> _Line:
    """Divide a line; tags around all of it, and single ones at its ends, need no translation."""
    parts = pieces(text)
    kinds = [span.kind for span in spans(text)]
    closing, paired = dict(pairs), {character for pair in pairs for character in pair}

    def is_single(place: int) -> bool:
        span = parts[place]
        return span not in paired if kinds[place // 2] == "inline" else bool(_SINGLE.match(span))

    def encloses(first: int, last: int) -> bool:
        opening, end = parts[first], parts[last]
        if kinds[first // 2] == "inline":
            return closing.get(opening) == end
        name = opening[1:].split()[0].rstrip(">") if opening[1:2].isalpha() else ""
        same = [part for part in parts[1::2] if _NAME.sub(r"\1", part) == name]
        return bool(name) and end == f"</{name}>" and len(same) == 2

    def at_end(place: int, outside: int) -> bool:
        return not parts[outside].strip() and kinds[place // 2] in ("inline", "tag")

    first, last = 0, len(parts)
    while last - first > 1:
        starts, ends = at_end(first + 1, first), at_end(last - 2, last - 1)
        if starts and ends and first + 1 < last - 2 and encloses(first + 1, last - 2):
            first, last = first + 2, last - 2
        elif starts and is_single(first + 1):
            first += 2
        elif ends and is_single(last - 2):
            last -= 2
        else:
            break
    before, core, after = "".join(parts[:first]), "".join(parts[first:last]), "".join(parts[last:])
    left = core.lstrip()
    return _Line(before + core[: len(core) - len(left)], left.rstrip(), left[len(left.rstrip()) :] + after)


def _has_words(text: str) -> bool:
    """Return whether a text has a letter outside of its spans."""
    return any(character.isalpha() for part in pieces(text)[::2] for character in part)


def _checked(core: str, output: str | None, pairs: Sequence[tuple[str, str]]) -> tuple[str | None, str]:
    """Return an output and a note; None for an output that has to be repaired."""
    if not _has_words(core):
        return core, ""
    if output is None:
        return None, ""
    text = respelled(core, output.strip())
    if not text:
        return None, "the translation was empty"
    found = difference(core, text)
    if found.lost:
        return None, f"the translation lost {_listed(found.lost)}"
    if found.invented:
        return None, f"the translation invented {_listed(found.invented)}"
    if found.is_reordered or (_is_nested(core, pairs) and not _is_nested(text, pairs)):
        return None, "the translation changed the order of placeholders"
    return text, ""


def _clean(output: str) -> str:
    """Return an output with spaces instead of control characters, which no document has in its texts."""
    return _CONTROL.sub(" ", output)


def _listed(found: Sequence[str]) -> str:
    shown = ", ".join("a tag" if ord(span[0]) >= INLINE else span for span in found[:3])
    return f"{shown}, …" if len(found) > 3 else shown


def _is_nested(text: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Return whether inline elements that were opened are closed in the right order."""
    closed_by = dict(pairs)
    closing = set(closed_by.values())
    opened: list[str] = []
    for character in text:
        if character in closed_by:
            opened.append(closed_by[character])
        elif character in closing and (not opened or opened.pop() != character):
            return False
    return not opened


def _by_parts(cores: Sequence[str]) -> Steps[dict[str, str | None]]:
    """Translate the parts between the spans of texts; None if that fails."""
    parts = {part.strip() for core in cores for part in pieces(core)[::2] if _has_words(part)}
    ordered = sorted(parts)
    outputs = dict(zip(ordered, map(_clean, (yield ordered)), strict=True)) if ordered else {}
    return {core: _joined(core, outputs) for core in cores}


def _joined(core: str, outputs: dict[str, str]) -> str | None:
    parts = pieces(core)
    for place in range(0, len(parts), 2):
        part = parts[place].strip()
        if part in outputs:
            written = _ended(part, "".join(pieces(outputs[part])[::2]).strip())
            if not written:
                return None
            start = parts[place].index(part)
            parts[place] = parts[place][:start] + written + parts[place][start + len(part) :]
    for separator in ("", " "):  # spans may merge with the text beside them
        joined = separator.join(filter(None, parts))
        if not difference(core, joined):
            return joined
    return None


def _ended(part: str, output: str) -> str:
    """Return the output for a part of a sentence without the full stop that a model adds."""
    return output if _CLOSED.search(part) else _END.sub("", output)
