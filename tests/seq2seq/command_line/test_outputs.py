"""Lines of outputs."""

from seq2seq.command_line.outputs import Form
from seq2seq.decoding.output import Output


def test_line_breaks_in_an_output_are_printed_as_blanks() -> None:
    output = Output("a\r\nb\nc\u2028d", -1.5, -3.0, ("a",), ("b",))
    assert Form(nbest=False, scores=False, alignments=False).line(0, "a:1", output) == "a b c d"
    assert Form(nbest=True, scores=False, alignments=False).line(7, "a:8", output) == "7 ||| a b c d ||| -1.5000"
