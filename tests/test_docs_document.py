"""The pages about the tutorial quote existing lines, and their claims about the code are true."""

import re
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from seq2seq.network.lstm import LSTMLayer
from tests.test_docs_lstm import DISPLAY, NUMBER, quotes

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("document.md", "document.zh.md")}
QUOTED = re.compile(r"^(?:The document: |原文：)`([^`\n]+)`$", re.MULTILINE)
CODE = "".join(re.findall(r"^```python\n(import tensorflow.*?)^```$", PAGES["document.md"], re.MULTILINE | re.DOTALL))


def line(beginning: str) -> str:
    """Return the only line of the document's code that begins with a text."""
    (line,) = [text.strip() for text in CODE.splitlines() if text.strip().startswith(beginning)]
    return line


def encoded(seed_text: str, vocab: list[object]) -> list[int]:
    """Run the document's own encoding."""
    names = {"vocab": vocab, "seed_text": seed_text}
    exec(line("encoded = [vocab"), names)
    encoding = names["encoded"]
    assert isinstance(encoding, list)
    return encoding


def vocabulary() -> list[object]:
    """Return the document's own vocabulary."""
    names: dict[str, list[object]] = {}
    exec(line("vocab = "), names)
    return names["vocab"]


@pytest.mark.parametrize("page", PAGES)
def test_every_line_quoted_from_ours_stands_in_its_file(page: str) -> None:
    quoted = quotes(PAGES[page])
    assert len(quoted) == PAGES[page].count("](../seq2seq/"), "a link to a file without a quotation"
    for file, lines in quoted:
        code = [text.strip() for text in (ROOT / file).read_text(encoding="utf-8").splitlines()]
        stretches = [code[start : start + len(lines)] for start in range(len(code))]
        assert lines in stretches, f"docs/{page} quotes {lines} from {file}, which has no such lines"


@pytest.mark.parametrize("page", PAGES)
def test_every_line_quoted_from_the_document_stands_in_its_code(page: str) -> None:
    assert CODE in PAGES[page]
    quoted = QUOTED.findall(PAGES[page])
    assert len(quoted) == 12
    assert set(quoted) <= {text.strip() for text in CODE.splitlines()}


def test_both_languages_say_the_same() -> None:
    english, chinese = PAGES.values()
    assert quotes(english) == quotes(chinese)
    assert QUOTED.findall(english) == QUOTED.findall(chinese)
    assert DISPLAY.findall(english) == DISPLAY.findall(chinese)
    assert NUMBER.findall(english) == NUMBER.findall(chinese)
    for pattern in (r"^#+ ", r"^\|", r"^- ", r"\b[12]\d{3}\b", r"\d,\d{3}"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern


def test_the_vocabulary_has_four_entries() -> None:
    vocab = vocabulary()
    assert vocab == ["a", "b", "c", Ellipsis]
    for text in PAGES.values():
        assert f"{10_000 - len(vocab):,}" in text


def test_characters_are_read_and_the_second_round_meets_a_blank() -> None:
    vocab = vocabulary()
    assert encoded("cab", vocab) == [2, 0, 1]
    assert encoded("the cat", [*"thecat ", "the", "cat"])[:3] == [0, 1, 2], "characters, though the words are there"
    names = {"seed_text": "ab", "predicted_word": "c"}
    exec(line("seed_text += "), names)
    with pytest.raises(ValueError, match="' ' is not in list"):
        encoded(names["seed_text"], vocab)
    for text in PAGES.values():
        assert "`ValueError: ' ' is not in list`" in text


def test_sizes() -> None:
    layer = sum(parameter.numel() for parameter in LSTMLayer(128, 128).parameters())
    embedding, output = nn.Embedding(10_000, 128), nn.Linear(128, 10_000)
    table, last = (sum(parameter.numel() for parameter in part.parameters()) for part in (embedding, output))
    assert layer == 4 * 128 * (128 + 128 + 1)
    for text in PAGES.values():
        for number in (layer, table, last, layer + table + last):
            assert f"{number:,}" in text
        assert f"{10**6 * 10_000 * 4 // 10**9} GB" in text


def test_a_loss_for_rows_of_labels_makes_nonsense_of_numbers() -> None:
    scores = torch.log_softmax(torch.tensor([[2.0, 1.0, 0.0]], dtype=torch.float64), -1)
    losses = [f"{-score:.4f}" for score in scores[0].tolist()]
    stretched = [-(torch.tensor([[label]]) * scores).sum().item() for label in range(3)]
    assert stretched[0] == 0
    for text in PAGES.values():
        assert rf"2 \cdot ({' + '.join(losses)}) = {stretched[2]:.4f}$" in text
        assert re.search(rf"(?:instead of |而不是 ){losses[2]}\b", text)


def test_a_softmax_is_rounded_before_its_logarithm() -> None:
    scores = torch.tensor([0.0, 200.0])
    assert torch.softmax(scores, 0)[0].log() == -torch.inf
    assert torch.log_softmax(scores, 0)[0] == -200


def state_after(layer: LSTMLayer, table: Tensor, words: list[int]) -> Tensor:
    zeros = torch.zeros(1, layer.hidden_size)
    with torch.no_grad():
        last: Tensor = layer(table[words].unsqueeze(0), zeros, zeros)[1]
    return last


def test_padding_in_front_is_read_as_a_word() -> None:
    torch.manual_seed(1)
    layer, table = LSTMLayer(8, 16), torch.randn(4, 8)
    words = [1, 2, 3]
    padded = state_after(layer, table, [0] * 97 + words)
    torch.testing.assert_close(padded, state_after(layer, table, encoded("a" * 97 + "bcd", [*"abcd"])))
    assert (padded - state_after(layer, table, words)).abs().max() > 1e-3


def test_the_likeliest_word_of_a_window_goes_in_circles() -> None:
    torch.manual_seed(2)
    layer, table, output = LSTMLayer(8, 16), torch.randn(6, 8), torch.randn(16, 6)
    text, seen = [1, 2, 3, 4], {}
    while tuple(text[-4:]) not in seen:
        seen[tuple(text[-4:])] = len(text)
        text.append(int((state_after(layer, table, text[-4:]) @ output).argmax()))
    assert len(text) < 6**4, "there are no more windows than that"
    period = len(text) - seen[tuple(text[-4:])]
    for _ in range(3 * period):
        text.append(int((state_after(layer, table, text[-4:]) @ output).argmax()))
    assert text[-period:] == text[-2 * period : -period] == text[-3 * period : -2 * period]


def test_a_carried_state_is_the_state_of_the_whole_text() -> None:
    torch.manual_seed(3)
    layer, table = LSTMLayer(8, 16), torch.randn(6, 8)
    words = torch.randint(6, (150,)).tolist()
    whole = state_after(layer, table, words)
    hidden = cell = torch.zeros(1, 16)
    with torch.no_grad():
        for word in words:
            hidden, cell = layer.step(table[[word]], hidden, cell, layer.recurrence())
    torch.testing.assert_close(hidden, whole)
    window = state_after(layer, table, words[-3:])
    assert (whole - window).abs().max() > 1e-3, "a window forgets what stood before it"
