"""Masks: numbered special tokens in place of the protected spans of a text, such as placeholders and tags.

A model that was trained with masks reads and writes a mask where a text has a span, so it cannot misspell the span. In
training, the spans that a pair has on both sides are masked; in use, all spans of the source are. Each occurrence of a
span has its own mask. Spans after the first `MASKS` of a source stay text.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from seq2seq.corpus.example import MASKS, Example, Mark, Mask, MaskedText, Text
from seq2seq.corpus.protected_spans import pieces


@dataclass(frozen=True)
class Masked:
    """A source with masks.

    Args:
        text: The text, with `Mask` n instead of span n.
        spans: The spans that were replaced.
    """

    text: MaskedText
    spans: tuple[str, ...] = ()


@dataclass(frozen=True)
class MaskedPair:
    """A pair for training.

    Args:
        source: The source with masks.
        target: The target without masks.
        spans: The spans of the masks, which the target has, too.
    """

    source: MaskedText
    target: Text
    spans: tuple[str, ...] = ()

    def masked_target(self, numbers: Collection[int]) -> MaskedText:
        """Return the target with some of the masks: those that the source still contains after it was shortened."""
        return mask_target(self.target, self.spans, numbers)


def mask(text: Text) -> Masked:
    """Replace the first spans of a source by masks."""
    return _masked(text, None)


def mask_pair(source: Text, target: Text) -> MaskedPair:
    """Replace the spans that occur on both sides; the n-th occurrences of a span on both sides belong together."""
    shared = Counter(span for part in _strings(target) for span in pieces(part)[1::2])
    masked = _masked(source, shared)
    return MaskedPair(masked.text, target, masked.spans)


def mask_target(target: Text, spans: Sequence[str], numbers: Collection[int]) -> MaskedText:
    """Replace the spans of a target that its source has, too.

    Args:
        target: The target.
        spans: The spans of the source that were replaced by masks.
        numbers: The masks to use; the spans of others stay text.
    """
    free: dict[str, list[int]] = {}
    for number, span in enumerate(spans):
        free.setdefault(span, []).append(number)
    if not free:
        return target
    masked: list[str | Mark | Mask] = []
    for part in _parts(target):
        if not isinstance(part, str):
            masked.append(part)
            continue
        for place, piece in enumerate(pieces(part)):
            if place % 2 and free.get(piece):
                number = free[piece].pop(0)
                masked.append(Mask(number) if number in numbers else piece)
            else:
                masked.append(piece)
    return _joined(masked)


def restore(text: MaskedText, spans: Sequence[str]) -> Text:
    """Replace masks by spans."""
    restored = _joined([spans[part.number] if isinstance(part, Mask) else part for part in _parts(text)])
    if isinstance(restored, str):
        return restored
    return tuple(part for part in restored if not isinstance(part, Mask))  # none is left, but mypy cannot know


def between_masks(example: Example) -> Example:
    """Return an example with line breaks instead of masks, to train tokenizers on the text between them."""
    pair = mask_pair(example.source, example.target)
    source, target = (
        text if isinstance(text, str) else tuple(Mark.LINE if isinstance(part, Mask) else part for part in text)
        for text in (pair.source, pair.masked_target(range(MASKS)))
    )
    return replace(example, source=source, target=target)


def _masked(text: Text, shared: Counter[str] | None) -> Masked:
    """Replace the first spans of a text by masks; if `shared` is given, only as many of each span."""
    masked: list[str | Mark | Mask] = []
    spans: list[str] = []
    for part in _parts(text):
        if not isinstance(part, str):
            masked.append(part)
            continue
        for place, piece in enumerate(pieces(part)):
            if place % 2 and len(spans) < MASKS and (shared is None or shared[piece] > 0):
                masked.append(Mask(len(spans)))
                spans.append(piece)
                if shared is not None:
                    shared[piece] -= 1
            else:
                masked.append(piece)
    return Masked(_joined(masked), tuple(spans)) if spans else Masked(text)


def _parts(text: MaskedText) -> tuple[str | Mark | Mask, ...]:
    return (text,) if isinstance(text, str) else text


def _strings(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else [part for part in text if isinstance(part, str)]


def _joined(parts: Sequence[str | Mark | Mask]) -> MaskedText:
    """Join adjacent strings, and drop empty ones; a text of strings only becomes a string."""
    joined: list[str | Mark | Mask] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if not joined:
        return ""
    return joined[0] if len(joined) == 1 and isinstance(joined[0], str) else tuple(joined)
