"""A note about placeholders that outputs lack, for models that were trained with masks (`seq2seq.corpus.masks`)."""

from seq2seq.amounts import amount
from seq2seq.decoding.phrases.missed import Missed


class LostSpans(Missed):
    """Counts the masked spans of sources that are not in their outputs."""

    def sentence(self) -> str:
        """Return the note; '' if none is lost."""
        if not self.count:
            return ""
        span, place = self.first
        return f"{amount(self.count, 'placeholder')} of the sources missing in the outputs (first {span} at {place})."
