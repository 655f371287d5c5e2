"""The commands and programs of ``docs/serve.md`` work, in the order of the page, with small models of every task."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from seq2seq.commands.serve import parser
from seq2seq.server.http.options import MIB, RequestLimits
from seq2seq.server.options import Limits
from tests.environments import REPOSITORY
from tests.recorded.models import write
from tests.seq2seq.server.server_process import ServerProcess

PAGE = (REPOSITORY / "docs" / "serve.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
MODELS = {
    "translation": "translator",
    "summarization": "summarizer",
    "dialogue": "partner",
    "generation": "author",
}
CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "the dog"
msgstr ""
"""
"""A file of the page's reader."""
NODE = shutil.which("node")


def programs(kind: str) -> list[str]:
    """Return the programs of a kind."""
    return [body for found, body in BLOCK.findall(PAGE) if found == kind]


def commands() -> Iterator[tuple[str, str]]:
    """Yield each command with the output that the page shows."""
    for body in programs("console"):
        command, output, is_open = "", "", False
        for line in body.splitlines(keepends=True):
            if line.startswith("$ "):
                if command:
                    yield command, output
                command, output = line.removeprefix("$ "), ""
            elif is_open:
                command += line
            else:
                output += line
            is_open = command.endswith("\\\n") or not is_whole(command)
        yield command, output


def is_whole(command: str) -> bool:
    """Return whether a command has no open quotation marks."""
    try:
        shlex.split(command)
    except ValueError:
        return False
    return True


@dataclass
class Guide:
    """What became of the page's commands.

    Args:
        folder: Where they ran.
        ports: The ports of the servers, by that of the page.
        outputs: Command, output of the page, and real output.
    """

    folder: Path
    ports: dict[str, int]
    outputs: list[tuple[str, str, str]]

    def run(self, *words: str, code: str = "") -> str:
        """Run a program that must succeed, with the ports in place of the page's, and return its output."""
        for port, real in self.ports.items():
            words, code = tuple(word.replace(port, str(real)) for word in words), code.replace(port, str(real))
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tasks'}"}
        done = subprocess.run(
            words, input=code, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, f"{words} {code}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guide]:
    """The page's commands have been run, and its servers still run."""
    folder = tmp_path_factory.mktemp("guide")
    write(folder / "recorded")
    (folder / "runs" / "demo").mkdir(parents=True)
    for task, name in MODELS.items():
        (folder / "recorded" / name).rename(folder / "runs" / "demo" / task)
    (folder / "messages.po").write_text(CATALOGUE, encoding="utf-8")
    guide = Guide(folder, {}, [])
    with ExitStack() as servers:
        for command, shown in commands():
            words = shlex.split(command)
            if words[:2] == ["seq2seq", "serve"] and "--new_key" not in words:
                port = words[words.index("--port") + 1] if "--port" in words else "8000"
                server = servers.enter_context(ServerProcess(*words[2:], "--port", "0", folder=folder))
                guide.ports[port] = server.port
                guide.outputs.append((command, shown, "\n".join(server.greeting)))
            else:
                output = guide.run("bash", "-c", f"set -euo pipefail; {command}")
                guide.outputs.append((command, shown, output))
        yield guide


@pytest.mark.slow
def test_commands_print_what_the_page_shows(guide: Guide) -> None:
    assert set(guide.ports) == {"8000", "8001"}
    for command, shown, output in guide.outputs:
        assert '"error"' not in output, command
        assert output.strip() or "curl" not in command, command
        names = re.findall(r'"(\w+)":', shown)
        assert set(names) <= set(re.findall(r'"(\w+)":', output)), command
    greeting = next(output for command, _, output in guide.outputs if "served/generation" in command)
    assert [line.split()[0] for line in greeting.splitlines()[1:5]] == list(MODELS)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(programs("python"))))
def test_programs_in_python_work(guide: Guide, place: int) -> None:
    assert guide.run(sys.executable, "-", code=programs("python")[place]).strip()


@pytest.mark.slow
@pytest.mark.skipif(NODE is None, reason="node is not installed")
@pytest.mark.parametrize("place", range(len(programs("javascript"))))
def test_programs_in_javascript_work(guide: Guide, place: int) -> None:
    assert guide.run(str(NODE), "--input-type=module", "-", code=programs("javascript")[place]).strip()


def test_the_options_of_the_page_exist() -> None:
    known = set(re.findall(r"--\w+", parser().format_help()))
    named = set(re.findall(r"(?<![\w-])--[a-z]\w+", re.sub(r"^```.*?^```$", "", PAGE, flags=re.DOTALL | re.MULTILINE)))
    assert named
    assert named <= known


def test_the_defaults_of_the_page_are_the_options_own() -> None:
    own = {**asdict(Limits()), **asdict(RequestLimits()), "workers": 1, "threads": 1}
    found = {}
    for names, defaults in re.findall(r"^\| (`--\w+`(?:, `--\w+`)*) \| ([^|]+) \|", PAGE, re.MULTILINE):
        for name, shown in zip(re.findall(r"--(\w+)", names), defaults.split(", "), strict=True):
            number, _, unit = shown.replace(",", "").partition(" ")
            found[name] = 0.0 if number == "the" else float(number) * (MIB if unit == "MiB" else 1)
    assert found == {name: own[name] for name in found}
    assert set(found) == set(own)
