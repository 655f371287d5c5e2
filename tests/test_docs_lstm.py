"""The pages about the network quote existing lines and correct numbers, and agree in both languages."""

import itertools
import math
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from seq2seq.network.attention import weigh
from seq2seq.network.encoder_decoder import CHUNK_BYTES
from seq2seq.network.lstm import Gates, LSTMLayer, reference_step
from seq2seq.training.loss import cross_entropy
from tests.scripts import script

ROOT = Path(__file__).parents[1]
PAGES = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("lstm.md", "lstm.zh.md")}
FILE = r"^\[(seq2seq/[\w/]+\.py)\]\(\.\./\1\)[:：]"
LINE = re.compile(FILE + r"\s*`([^`\n]+)`$", re.MULTILINE)
BLOCK = re.compile(FILE + r"\n\n```python\n(.*?)```$", re.MULTILINE | re.DOTALL)
DISPLAY = re.compile(r"^\$\$(.*?)\$\$$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"(?<![\d.])\d\.\d{4}(?!\d)")

DOUBLED_TANH_AT = (-2, -0.5, -0.1, 0, 0.1, 0.5, 2)


def quotes(text: str) -> list[tuple[str, list[str]]]:
    """Return the file and the lines of every quotation of code."""
    quoted = [(match.start(), match[1], [match[2]]) for match in LINE.finditer(text)]
    quoted += [(match.start(), match[1], match[2].splitlines()) for match in BLOCK.finditer(text)]
    return [(file, lines) for _, file, lines in sorted(quoted)]


def plain(text: str) -> str:
    """Return the text with the minus sign of prose written as that of code."""
    return text.replace("−", "-")


def inline_math(text: str) -> list[str]:
    """Return every inline formula, with one character on either side."""
    text = re.sub(r"^```.*?^```$", "", DISPLAY.sub("", text), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]+`", "", text)
    return [match[0] for match in re.finditer(r"(?:^|.)\$[^$\n]+\$(?:$|.)", text, re.MULTILINE)]


def worked_unit() -> Gates:
    """Compute one step of the unit in the pages' example."""

    def column(*numbers: float) -> Tensor:
        return torch.tensor(numbers, dtype=torch.float64).unsqueeze(1)

    weight_input = column(1, 0.6, -0.8, 0.5)  # input, forget, candidate, output
    weight_hidden = column(-0.5, 0.5, 0.5, -1)
    bias = column(0, 1, 0, 0.1).squeeze(1)
    return reference_step(column(1), column(-0.2), column(-0.5), weight_input, weight_hidden, bias)


def worked_numbers() -> dict[str, float]:
    """Return the numbers of the pages' example, by name."""
    gates = worked_unit()
    numbers = {name: value.item() for name, value in gates._asdict().items()}
    numbers["kept"] = numbers["forget"] * -0.5
    numbers["written"] = numbers["input"] * numbers["candidate"]
    numbers["shown"] = math.tanh(numbers["cell"])
    numbers["doubled"] = numbers["output"] * numbers["shown"] ** 2
    return numbers


def doubled_tanh_rows() -> list[str]:
    """Return the table that compares tanh with its square, slopes by automatic differentiation."""
    rows = []
    for content in DOUBLED_TANH_AT:
        c = torch.tensor(float(content), dtype=torch.float64, requires_grad=True)
        (slope,) = torch.autograd.grad(torch.tanh(c), c)
        (slope_of_square,) = torch.autograd.grad(torch.tanh(c).square(), c)
        once = torch.tanh(c).item()
        numbers = [once, once**2, slope.item(), slope_of_square.item()]
        rows.append(f"| {content} | " + " | ".join(f"{number:.4f}" for number in numbers) + " |")
    return rows


def gradient_rows() -> list[str]:
    """Return the table of the gradient that a forget gate leaves after 10, 20 and 50 steps."""
    closed, opened = torch.sigmoid(torch.tensor([0.0, 1.0], dtype=torch.float64)).tolist()
    gates = {rf"$\sigma(0) = {closed:.4f}$": closed, rf"$\sigma(1) = {opened:.4f}$": opened, "0.9": 0.9, "0.99": 0.99}
    return [
        f"| {head} | " + " | ".join(f"{gate**steps:.2g}" for steps in (10, 20, 50)) + " |"
        for head, gate in gates.items()
    ]


def smoothed() -> tuple[float, float, list[float]]:
    """Return plain loss, smoothed loss and gradient of the pages' three logits, computed by the training loss."""
    logits = torch.tensor([[2.0, 1.0, 0.0]], dtype=torch.float64, requires_grad=True)
    identity, zeros = torch.eye(3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    total, nll = cross_entropy(logits, identity, zeros, torch.tensor([0]), 0.1)
    (gradient,) = torch.autograd.grad(total, logits)
    return nll.item(), total.item(), gradient[0].tolist()


@pytest.mark.parametrize("page", PAGES)
def test_every_quoted_line_stands_in_its_file(page: str) -> None:
    quoted = quotes(PAGES[page])
    assert len(quoted) == PAGES[page].count("](../seq2seq/"), "a link to a file without a quotation"
    assert sum(len(lines) > 1 for _, lines in quoted) == PAGES[page].count("```python"), "code without its file"
    for file, lines in quoted:
        code = [line.strip() for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
        stretches = [code[start : start + len(lines)] for start in range(len(code))]
        assert lines in stretches, f"docs/{page} quotes {lines} from {file}, which has no such lines"


def test_a_line_that_does_not_exist_would_be_found() -> None:
    (quote,) = quotes("\n[seq2seq/network/lstm.py](../seq2seq/network/lstm.py): `h = o * torch.tanh(torch.tanh(c))`\n")
    assert quote == ("seq2seq/network/lstm.py", ["h = o * torch.tanh(torch.tanh(c))"])
    assert quote[1][0] not in (ROOT / quote[0]).read_text(encoding="utf-8")


def test_both_languages_say_the_same() -> None:
    english, chinese = PAGES.values()
    assert quotes(english) == quotes(chinese)
    assert DISPLAY.findall(english) == DISPLAY.findall(chinese)
    assert NUMBER.findall(english) == NUMBER.findall(chinese)
    for pattern in (r"^#+ ", r"^\|", r"^- ", r"!\[", r"\b[12]\d{3}\b"):
        counts = [len(re.findall(pattern, text, re.MULTILINE)) for text in (english, chinese)]
        assert counts[0] == counts[1], pattern


@pytest.mark.parametrize("page", PAGES)
def test_the_worked_unit_is_what_the_reference_cell_computes(page: str) -> None:
    text = PAGES[page]
    n = {name: f"{value:.4f}" for name, value in worked_numbers().items()}
    for formula in (
        rf"f_t = \sigma(0.6 \cdot 1 + 0.5 \cdot (-0.2) + 1) = \sigma(1.5) = {n['forget']}",
        rf"i_t = \sigma(1 \cdot 1 - 0.5 \cdot (-0.2) + 0) = \sigma(1.1) = {n['input']}",
        rf"\tilde C_t = \tanh(-0.8 \cdot 1 + 0.5 \cdot (-0.2) + 0) = \tanh(-0.9) = {n['candidate']}",
        rf"C_t = {n['forget']} \cdot (-0.5) + {n['input']} \cdot ({n['candidate']}) = "
        rf"{n['kept']} - {n['written'].removeprefix('-')} = {n['cell']}",
        rf"o_t = \sigma(0.5 \cdot 1 - 1 \cdot (-0.2) + 0.1) = \sigma(0.8) = {n['output']}",
        rf"h_t = {n['output']} \cdot \tanh({n['cell']}) = {n['output']} \cdot ({n['shown']}) = {n['hidden']}",
        rf"{n['output']} \cdot ({n['shown']})^2 = {n['doubled']}",
    ):
        assert f"${formula}$" in text
    rows = ["0.6 | 0.5 | 1 |", "1 | -0.5 | 0 |", "-0.8 | 0.5 | 0 |", "0.5 | -1 | 0.1 |"]
    assert re.findall(r"(?<=\$ \| )-?[\d.]+ \| -?[\d.]+ \| -?[\d.]+ \|$", plain(text), re.MULTILINE) == rows


@pytest.mark.parametrize("page", PAGES)
def test_the_doubled_tanh_is_squashed_as_the_table_says(page: str) -> None:
    assert "\n".join(doubled_tanh_rows()) in plain(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_gradients_shrink_as_the_table_says(page: str) -> None:
    assert "\n".join(gradient_rows()) in PAGES[page]


def test_the_cell_state_passes_gradients_through_the_forget_gate_alone() -> None:
    torch.manual_seed(1)
    layer = LSTMLayer(3, 4).double()
    x, hidden = torch.randn(5, 1, 3, dtype=torch.float64), torch.randn(1, 4, dtype=torch.float64)
    first = torch.randn(1, 4, dtype=torch.float64, requires_grad=True)
    cell, product = first, torch.ones(1, 4, dtype=torch.float64)
    for step in x:  # the same hidden state at every step: the gates do not see the cell
        gates = reference_step(step, hidden, cell, layer.weight_input, layer.weight_hidden, layer.bias)
        cell, product = gates.cell, product * gates.forget
    (gradient,) = torch.autograd.grad(cell.sum(), first)
    torch.testing.assert_close(gradient, product)


@pytest.mark.parametrize("page", PAGES)
def test_every_number_of_four_places_is_computed(page: str) -> None:
    nll, total, gradient = smoothed()
    softmax = torch.softmax(torch.tensor([2.0, 1.0, 0.0], dtype=torch.float64), 0)
    others = (-softmax.log()).mean().item()
    known = {f"{abs(value):.4f}" for value in [*worked_numbers().values(), *softmax.tolist(), *gradient]}
    known |= {f"{value:.4f}" for value in (nll, total, others)}
    known |= set(NUMBER.findall("\n".join([*doubled_tanh_rows(), *gradient_rows()])))
    assert set(NUMBER.findall(PAGES[page])) <= known


@pytest.mark.parametrize("page", PAGES)
def test_the_loss_of_three_logits(page: str) -> None:
    text = re.sub(r"[、，]", ", ", plain(PAGES[page]))
    nll, total, gradient = smoothed()
    weights = torch.softmax(torch.tensor([2.0, 1.0, 0.0], dtype=torch.float64), 0)
    mean = (-weights.log()).mean().item()
    assert rf"$-\log {weights[0]:.4f} = {nll:.4f}$" in text
    assert rf"$0.9 \cdot {nll:.4f} + 0.1 \cdot {mean:.4f} = {total:.4f}$" in text
    assert ", ".join(f"{value:.4f}" for value in gradient) in text


@pytest.mark.parametrize("page", PAGES)
def test_sizes(page: str) -> None:
    weights = sum(parameter.numel() for parameter in LSTMLayer(256, 512).parameters())
    assert weights == 4 * 512 * (256 + 512 + 1)
    for number in (f"{weights:,}", f"{2048 * 8000 * 4:,}", f"{8000 * 256:,}", f"{CHUNK_BYTES // 2**20} MiB"):
        assert number in PAGES[page]
    assert re.search(rf"\b{CHUNK_BYTES // (4 * 8000)}\b", PAGES[page])


def test_padding_gets_no_weight() -> None:
    scores = torch.tensor([[[2.0, 1.0, 0.0, 9.0]]], dtype=torch.float64)
    weights = weigh(scores, torch.tensor([[True, True, True, False]]))[0, 0]
    assert [f"{weight:.4f}" for weight in weights] == ["0.6652", "0.2447", "0.0900", "0.0000"]
    assert weights[3] == 0


@pytest.mark.parametrize("page", PAGES)
def test_the_reversal_is_what_the_quoted_lines_compute(page: str) -> None:
    (lines,) = (lines for file, lines in quotes(PAGES[page]) if file == "seq2seq/network/encoder.py")
    names: dict[str, Any] = {
        "torch": torch,
        "lengths": torch.tensor([3]),
        "positions": torch.arange(5).unsqueeze(0),
    }
    exec("\n".join(lines), names)
    tables = [
        [cell.strip() for cell in row.split("|")[2:-1]] for row in re.findall(r"^\|.*\|$", PAGES[page], re.MULTILINE)
    ]
    tokens = next(row for row in tables if row[:3] == ["the", "cat", "sleeps"])
    order = names["order"].flatten().tolist()
    assert [tokens[position] for position in order] in tables
    for name in ("mirrored", "order"):
        row = " | ".join(str(value) for value in names[name].flatten().tolist())
        assert f"| {name} | {row} |" in plain(PAGES[page])


@pytest.mark.parametrize("page", PAGES)
def test_formulas_are_written_so_that_github_renders_them(page: str) -> None:
    formulas = inline_math(PAGES[page])
    assert len(formulas) > 60
    for formula in formulas:
        body = formula[formula.index("$") :]
        assert formula[0] in "$ ", f"{formula}: a blank must stand before"
        assert re.search(r"\$[\s,.;:!?)，。；：、（）|]?$", body), f"{formula}: a blank or punctuation must stand after"
        assert not re.search(r"[)}\]]_", formula), f"{formula}: Markdown may take the underscore for emphasis"
    for formula in itertools.chain(formulas, DISPLAY.findall(PAGES[page])):
        assert not re.search(r"\\[^A-Za-z\\\n]|[<*]", formula), f"{formula}: Markdown takes some of this for its own"
    assert not re.search(r"\\\\(?!\n)", "".join(DISPLAY.findall(PAGES[page])))


def test_the_pictures_are_what_the_script_draws() -> None:
    pictures = script("docs/make_lstm_pictures.py")
    assert pictures.main(["--check"]) == 0
    for path, svg in pictures.pictures().items():
        assert path.read_text(encoding="utf-8") == svg
        language = "zh" if ".zh." in path.name else "en"
        assert f"pictures/{path.name}" in PAGES["lstm.zh.md" if language == "zh" else "lstm.md"]


def test_a_stale_picture_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = script("docs/make_lstm_pictures.py")
    monkeypatch.setattr(pictures, "FOLDER", tmp_path / "pictures")
    assert pictures.main(["--check"]) == 1
    assert "is not what docs/make_lstm_pictures.py draws: run it" in capsys.readouterr().err
    assert pictures.main([]) == 0
    assert pictures.main(["--check"]) == 0
    assert pictures.main(["--chekc"]) == 2
    assert "unknown arguments --chekc: give none, or --check" in capsys.readouterr().err
