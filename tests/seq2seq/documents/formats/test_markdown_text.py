"""Markdown: what is translated, and that the layout stays."""

from typing import Any

import pytest
from markdown_it import MarkdownIt

from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.languages import Languages
from tests.seq2seq.documents.shouting import shouted

TEXT = """---
title: keep
---
# Hello *world* #

Some `code` and [a link](http://x.y "t") that
wraps **here**.\x20\x20
hard break ![img](a.png)

> quote one
> quote two

- item one
  continued
- [ ] item \\* two

| A b | C |
|---|---|
| x y | x y |
| `a` | pipe |

```py
keep
```

Setext
======

1. one <b>two</b> <http://a.b>

[ref]: http://a.b
"""
WANTED = """---
title: keep
---
# HELLO *WORLD* #

SOME `code` AND [A LINK](http://x.y "t") THAT WRAPS **HERE**.\x20\x20
HARD BREAK ![img](a.png)

> QUOTE ONE QUOTE TWO

- ITEM ONE CONTINUED
- [ ] ITEM \\* TWO

| A B | C |
|---|---|
| X Y | X Y |
| `a` | PIPE |

```py
keep
```

SETEXT
======

1. ONE <b>TWO</b> <http://a.b>

[ref]: http://a.b
"""


def test_a_document() -> None:
    content, report = shouted(TEXT, "a.md")
    assert content.decode() == WANTED
    assert report.notes == []
    assert blocks(content.decode()) == blocks(TEXT)


def blocks(text: str) -> list[tuple[Any, ...]]:
    return [(token.type, token.tag, token.markup, token.level) for token in MarkdownIt().enable("table").parse(text)]


@pytest.mark.parametrize(
    ("given", "translation", "wanted"),
    [
        ("a\n", "# b", "\\# b\n"),
        ("a\n", "1. b", "1\\. b\n"),
        ("a\n", ">b", "\\>b\n"),
        ("a\n", "==", "\\==\n"),
        ("1\\. a\n", "- b", "\\- b\n"),
        ("|a|b|\n|-|-|\n|c|d|\n", "x | y", "|x \\| y|b|\n|-|-|\n|c|d|\n"),
        ("a\n", "b\nc", "b c\n"),
        ("a *b*\n", "a* `c` [d] <e>", "a\\* \\`c\\` \\[d\\] \\<e>\n"),
        ("2 * 3 = a_b\n", "2 * 3 = c_d", "2 * 3 = c_d\n"),
    ],
)
def test_a_translation_does_not_change_the_layout(given: str, translation: str, wanted: str) -> None:
    document = read(given.encode(), "a.md", Languages())
    document.units[0].put(translation)
    assert document.content().decode() == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("see [the dog] or [Cat][], not [bird]", "SEE [THE DOG][the dog] OR [CAT][Cat], NOT [BIRD]"),
        ("[`a b`], [`c`]", "[`a b`][`a b`], [`c`]"),
        ("![the dog] a ![b][cat]", "![the dog] A ![b][cat]"),
        ("a [the\ndog]", "A [THE DOG][the dog]"),
    ],
)
def test_links_keep_the_labels_that_define_their_addresses(given: str, wanted: str) -> None:
    addresses = "\n\n[the dog]: a.html\n[cat]: <b c>\n[`a b`]: #c\n"
    content, report = shouted(given + addresses, "a.md")
    assert content.decode() == wanted + addresses
    assert report.notes == []


def test_lines_of_chinese_are_joined_without_space() -> None:
    assert [unit.text for unit in read("大狗\n小猫\n".encode(), "a.md", Languages()).units] == ["大狗小猫"]
