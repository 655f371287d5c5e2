"""Tests of the checks of installed plugins: unusable ones are named, and everything else keeps working."""

import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.errors import UserError
from seq2seq.plugin import Task, TextTask, registry

GOOD = """from seq2seq.plugin import Task

class Dates(Task):
    name, verb, summary = "dates", "normalize", "Write dates as ISO 8601"
"""
BROKEN = {
    "a missing library": (
        "import no_such_library\n",
        "could not be imported: ModuleNotFoundError: No module named ",
    ),
    "an exit": ("raise SystemExit(3)\n", "could not be imported: SystemExit: 3"),
    "no such class": ("", "could not be imported: AttributeError: "),
    "the old module": (
        "from seq2seq.task import Task\n",
        "No module named 'seq2seq.task' (written for another version? `from seq2seq.plugin import ...` has all",
    ),
    "not a class": ("Dates = 3\n", "is not a subclass of seq2seq.plugin.Task."),
    "not a task": ("class Dates: pass\n", "is not a subclass of seq2seq.plugin.Task."),
    "abstract": (
        f"from abc import ABC, abstractmethod\n{GOOD.replace('(Task)', '(Task, ABC)')}"
        "    @abstractmethod\n    def more(self): ...\n",
        "could not be constructed: TypeError: Can't instantiate abstract class Dates",
    ),
    "no name": (
        GOOD.replace('name, verb, summary = "dates", ', "verb, summary = "),
        'has no name: class Dates needs name = "...", one line of text.',
    ),
    "no verb": (GOOD.replace('"normalize"', '""'), "has no verb: "),
    "two lines of summary": (GOOD.replace("as ISO", r"\nas ISO"), "has no summary: "),
    "another name": (
        GOOD.replace('"dates"', '"days"'),
        "calls itself 'days': give the class Dates and its entry point the same name.",
    ),
    "a verb of two words": (
        GOOD.replace("normalize", "write iso"),
        "has the verb 'write iso', which is not",
    ),
    "a keyword": (GOOD.replace("normalize", "import"), "has the verb 'import', which is not an identifier"),
    "a verb of the suite": (
        GOOD.replace("normalize", "evaluate"),
        "has the verb 'evaluate', which is a command of the suite: choose another verb.",
    ),
    "a verb that models have as a method": (
        GOOD.replace("normalize", "decode"),
        "has the verb 'decode', which is a method or an attribute of models: choose another verb.",
    ),
    "a verb of another task": (
        GOOD.replace("normalize", "translate"),
        "has the verb 'translate', which task 'translation' of lstm-seq2seq",
    ),
    "a reader that is none": (
        f"{GOOD}    reader = str\n",
        "has a `reader` that is not a subclass of seq2seq",
    ),
    "decoding of another type": (
        f"{GOOD}    decoding = 3\n",
        "has a `decoding` that is not seq2seq.plugin",
    ),
    "decoding of a language model": (
        f"from seq2seq.plugin import DecodingDefaults, WritingOptions\n{GOOD}"
        "    decoding = DecodingDefaults(WritingOptions())\n",
        "has a `decoding` of another kind of model: its `search` must be SearchOptions(...).",
    ),
    "options of the old door": (
        f"from seq2seq.plugin import SearchOptions\n{GOOD}    search = SearchOptions(beam_size=3)\n",
        "was written for an earlier version: replace its `search` by `decoding = DecodingDefaults(...)`",
    ),
    "a flag of the old door": (
        f"{GOOD}    sourceless = True\n",
        "was written for an earlier version: replace its `sourceless` by the base class `TextTask`",
    ),
    "a method of the old door": (
        f"{GOOD}    def sample(self): ...\n",
        "was written for another version: its method sample(self) must be sample(self, reader), see docs/plugins.md.",
    ),
}


def write(folder: Path, code: str, distribution: str = "seq2seq-dates", name: str = "dates") -> None:
    """Write an installed plugin."""
    info = folder / f"{distribution.replace('-', '_')}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2\n", encoding="utf-8")
    module = f"{distribution.replace('-', '_')}_plugin"
    (info / "entry_points.txt").write_text(f"[seq2seq.tasks]\n{name} = {module}:Dates\n", encoding="utf-8")
    (folder / f"{module}.py").write_text(code, encoding="utf-8")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Install plugins for the length of a test."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def installed(code: str, distribution: str = "seq2seq-dates", name: str = "dates") -> None:
        write(tmp_path, code, distribution, name)
        monkeypatch.delitem(sys.modules, f"{distribution.replace('-', '_')}_plugin", raising=False)

    return installed


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_is_named_and_every_other_command_works(
    kind: str, install: "object", capsys: pytest.CaptureFixture[str]
) -> None:
    code, cause = BROKEN[kind]
    assert callable(install)
    install(code)
    with pytest.raises(UserError) as fault:
        registry.load("dates")
    sentence = str(fault.value)
    assert sentence.startswith("Task 'dates' (seq2seq_dates_plugin:Dates, from seq2seq-dates 1.2) ")
    assert cause in sentence

    assert cli.main(["tasks"]) == 0
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert lines["dates"].split(maxsplit=2)[2] == f"broken: {sentence}"
    assert "Translate sentences" in lines["translation"]

    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "Task 'dates' is broken; seq2seq tasks says why." in shown
    assert "\n  translate " in shown
    assert registry.load("translation").verb == "translate"
    assert cli.main(["presets", "translation"]) == 0
    # The verb of another task still belongs to that task.
    with pytest.raises(SystemExit) as end:
        cli.main(["translate", "--help"])
    assert end.value.code == 0
    capsys.readouterr()
    assert cli.main(["dates"]) == 2
    assert cause[:60] in capsys.readouterr().err


def test_of_two_plugins_with_one_name_or_verb_the_first_is_used(install: object) -> None:
    assert callable(install)
    install(GOOD)
    install(GOOD, "seq2seq-dates-too")
    install(GOOD.replace('"dates"', '"days"'), "seq2seq-days", "days")
    survey = registry.surveyed()
    causes = [cause for _, cause in survey.broken]
    assert set(survey.tasks) >= {"dates", "translation"}
    assert "days" not in survey.tasks
    assert len(causes) == 2
    assert "seq2seq-dates-too 1.2) has the name of a task of seq2seq-dates 1.2: uninstall one of them." in causes[0]
    assert "has the verb 'normalize', which task 'dates' of seq2seq-dates 1.2 already has: choose" in causes[1]
    assert registry.load("dates").verb == "normalize"


def test_an_unknown_task_is_met_with_the_nearest() -> None:
    with pytest.raises(UserError, match=r"No task named 'translatoin'\. Did you mean 'translation'\?"):
        registry.load("translatoin")


def test_what_replaced_the_old_promises_is_no_promise_itself() -> None:
    promises = {name for kind in (Task, TextTask) for name in vars(kind) if not name.startswith("_")}
    assert len(promises) == 10
    assert not promises & set(registry.OLD)


def test_the_door_is_light() -> None:
    code = (
        "import sys; from seq2seq.plugin import Task, TextTask, Section, Reader;"
        "assert not {'torch', 'numpy', 'sacrebleu', 'yaml'} & set(sys.modules);"
        "from seq2seq.plugin import Metric, Rouge, __all__; import seq2seq.plugin as door;"
        "assert all(getattr(door, name) is not None for name in __all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    with pytest.raises(ImportError, match="cannot import name 'Tsak'"):
        exec("from seq2seq.plugin import Tsak")


def test_both_of_our_distributions_may_be_installed(install: object, tmp_path: Path) -> None:
    assert callable(install)
    for distribution in registry.OURS:
        install(GOOD, distribution)
    files = [path / "entry_points.txt" for path in sorted(tmp_path.glob("*.dist-info"))]
    files[1].write_text(files[0].read_text(encoding="utf-8"), encoding="utf-8")
    (plugin,) = (one for one in registry.installed() if one.name == "dates" and one.is_ours)
    assert plugin.origin.startswith("lstm-seq2seq 1.2")


def test_another_distribution_must_not_repeat_a_task_of_ours(install: object) -> None:
    assert callable(install)
    install(GOOD, registry.OURS[0])
    install(GOOD, "seq2seq-others")
    causes = [cause for plugin, cause in registry.surveyed().broken if plugin.name == "dates"]
    assert causes == [
        "Task 'dates' (seq2seq_others_plugin:Dates, from seq2seq-others 1.2) has the name of a task of lstm-seq2seq "
        "1.2: uninstall one of them."
    ]
