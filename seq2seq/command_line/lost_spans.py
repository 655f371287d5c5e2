"""A note about placeholders that outputs lack, for models that were trained with masks (`seq2seq.corpus.masks`)."""

from collections.abc import Sequence

from seq2seq.amounts import amount


class LostSpans:
    """Counts the masked spans of sources that are not in their outputs."""

    def __init__(self) -> None:
        self.count = 0
        self._first = ("", "")

    def add(self, spans: Sequence[str], place: str) -> None:
        """Count those of an output; the note quotes `place`, the location of its source."""
        if spans and not self.count:
            self._first = (spans[0], place)
        self.count += len(spans)

    def sentence(self) -> str:
        """Return the note; '' if none is lost."""
        if not self.count:
            return ""
        span, place = self._first
        return f"{amount(self.count, 'placeholder')} of the sources missing in the outputs (first {span} at {place})."
