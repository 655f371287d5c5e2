"""HTML documents: paragraphs with inline tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.languages import Languages
from tests.properties import examples
from tests.seq2seq.documents.formats.test_html_text import PIECES
from tests.seq2seq.documents.shouting import shouted


@pytest.mark.parametrize(
    ("document", "wanted"),
    [
        ("<p>a <b>big <i>dog</i></b> &amp; cat</p>", "<p>A <b>BIG <i>DOG</i></b> &amp; CAT</p>"),
        ("<p> the\n dog </p>\n<p>cat</p>", "<p> THE DOG </p>\n<p>CAT</p>"),
        ("one<br>two<img src=a>", "ONE<br>TWO<img src=a>"),
        ("type <code>a = b</code> now", "TYPE <code>a = b</code> NOW"),
        (
            "<pre>a b</pre><script>a</script><p translate=no>b</p>",
            "<pre>a b</pre><script>a</script><p translate=no>b</p>",
        ),
        ("a <b>c <i>d</b> e", "A <b>C <i>D</b> E"),
        ("a &lt;b&gt; c<!-- d -->", "A &lt;b&gt; C<!-- d -->"),
    ],
)
def test_documents(document: str, wanted: str) -> None:
    assert shouted(document, "a.html")[0].decode() == wanted


def test_a_sentence_is_one_text() -> None:
    document = read(b"<ul>\n<li>the <b>big</b> dog</li>\n<li>cat</li></ul>", "a.html", Languages())
    assert [len(unit.text) for unit in document.units] == [13, 3]
    assert [unit.place for unit in document.units] == ["a.html:2", "a.html:3"]
    assert document.units[0].pairs == (("\U00100000", "\U00100001"),)


@examples(300)
@given(st.lists(PIECES, max_size=12))
def test_a_document_of_which_nothing_is_put_stays(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert read(text.encode(), "a.htm", Languages()).content() == text.encode()
    shouted(text, "a.htm")
