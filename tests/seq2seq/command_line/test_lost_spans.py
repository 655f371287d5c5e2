"""The note about placeholders that outputs lack."""

from seq2seq.command_line.lost_spans import LostSpans


def test_the_note_counts_and_quotes_the_first() -> None:
    lost = LostSpans()
    lost.add((), "a:1")
    assert lost.sentence() == ""
    lost.add(("%s",), "a:2")
    assert lost.sentence() == "1 placeholder of the sources missing in the outputs (first %s at a:2)."
    lost.add(("{b}", "{c}"), "a:3")
    assert lost.sentence() == "3 placeholders of the sources missing in the outputs (first %s at a:2)."
