"""Help pages: every option is on one, each fits a screen, and each shows the values of a run."""

from dataclasses import dataclass, fields

import pytest

from seq2seq.commands import fit
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.option_help import LEFT_OUT, blocks, page
from seq2seq.run_setup.request import Request, plan
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.mark.usefixtures("here")
def test_help_fits_a_screen_and_points_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["--help"]) == 0
    screen = capsys.readouterr().out
    assert len(screen.splitlines()) <= 40
    assert max(map(len, screen.splitlines())) <= 120
    for group in ("data", "model", "search", "sampling", "stopping", "checkpoint", "trainer"):
        assert f"--{group}.help" in screen
        assert fit.main(["reversing", f"--{group}.help"]) == 0
    details = capsys.readouterr().out
    for option in (
        "data.reader.help",
        "model.network.help",
        "trainer.max_epochs",
        "stopping.patience",
    ):
        assert f"--{option}" in details
    assert "Architecture of the encoder-decoder." in details
    assert fit.main(["reversing", "--model.schedule.help"]) == 0
    assert "warmup_steps" in capsys.readouterr().out
    with pytest.raises(UserError, match=r"There are no options 'modell'\. Did you mean 'model'\?"):
        fit.main(["reversing", "--modell.help"])


@pytest.mark.parametrize("name", ["translation", "summarization", "dialogue", "generation"])
def test_every_page_of_options_fits_a_screen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option of a group is on a page of its own that fits, with a heading or a pointer to inner groups."""
    monkeypatch.setenv("COLUMNS", "110")
    task = registry.load(name)
    config = plan(task, Request.parse("fit", [name]), None).config
    groups = blocks(task)
    for prefix, kind in groups.items():
        shown = page(task, config, prefix)
        assert len(shown.splitlines()) <= 40, prefix
        assert max(map(len, shown.splitlines())) <= 110
        for field in fields(kind):
            option = f"{prefix}.{field.name}"
            if field.name not in LEFT_OUT.get(prefix, ()):
                assert (f"--{option}.help" if option in groups else f"--{option} ") in shown
    assert "--model.network.help" in page(task, config, "model")


@pytest.mark.usefixtures("here")
def test_help_shows_options_of_a_plugin_that_describes_none() -> None:
    @dataclass(frozen=True)
    class Silent(Reader):
        pace: int = 7

    task = type("Quiet", (type(registry.load("reversing")),), {"reader": Silent})()
    config = plan(task, Request.parse("fit", ["reversing"]), None).config
    assert "--data.reader.pace 7" in [line.strip() for line in page(task, config, "data.reader").splitlines()]
