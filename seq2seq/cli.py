"""The command line: dispatch verbs, and import each one only when it is called.

The exit code is 0 for success, 1 for an external failure and 2 for a user error (both with one sentence on stderr), 130
after Ctrl-C, 143 after SIGTERM and 129 after SIGHUP.

The environment variable ``SEQ2SEQ_TRACEBACK=1`` shows tracebacks of errors.
"""

import errno
import importlib
import importlib.util
import io
import os
import signal
import sys
from collections.abc import Callable
from typing import Any, cast

from seq2seq import __version__
from seq2seq.errors import UserError, WorldError, nearest, similar
from seq2seq.interruption import Interrupted, Watch, announce
from seq2seq.plugin.registry import Survey, surveyed
from seq2seq.plugin.task import TextTask, converses
from seq2seq.safe_text import safe_stdout, sentence
from seq2seq.verbs import EVALUATE, SYNONYMS, TRAIN, USE, VERBS, YAML_VERBS

APPLY, CONVERSE, GENERATE = (f"seq2seq.commands.{name}" for name in ("transduce", "chat", "generate"))
"""Modules that run the verbs of tasks with one output per source, with conversations, and with language models."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command with its arguments (by default ``sys.argv[1:]``) and return the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    # Waiting threads must not spin, because spinning tripled the CPU time of training when two other programs shared
    # its two cores. OpenMP reads this variable when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _open_closed_streams()
    # File names need not be UTF-8: stdout gets their raw bytes, stderr gets escapes.
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        with safe_stdout(), Watch((signal.SIGTERM, signal.SIGHUP)):
            code = run(words)
            sys.stdout.flush()
        return code
    except UserError as fault:
        return _say(str(fault), 2)
    except WorldError as fault:
        return _say(str(fault), 1)
    except BrokenPipeError:
        # The reader has closed the pipe. Python flushes stdout again at exit, so stdout is redirected.
        if sys.__stdout__ and sys.stdout is sys.__stdout__:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno())
        return 1
    except KeyboardInterrupt:
        announce("seq2seq: Stopped by SIGINT.")
        return 130
    except Interrupted as interrupted:
        announce(f"seq2seq: Stopped by {interrupted.name}.")
        return interrupted.exit_code
    except MemoryError:
        return _say("Memory is full. For decoding, a smaller --batch_tokens needs less.", 1)
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            return _say(f"The disk is full{f': {fault.filename} was not written' if fault.filename else ''}.", 1)
        return _say(f"{fault.filename or 'The system'}: {fault.strerror or fault}.", 1)


def run(words: list[str]) -> int:
    """Run the verb named by the first word.

    Raises:
        UserError: If there is no such verb.
    """
    verb = words[0] if words else "--help"
    if verb in ("--help", "-h", "help"):
        print(help_text())
        return 0
    if verb == "--version":
        print(f"seq2seq {__version__}")
        return 0
    if verb in YAML_VERBS:
        require_utf8(words)
    if verb not in VERBS or VERBS[verb][0] == USE:
        _spare_threads()
    if verb in VERBS:
        command = _command(VERBS[verb][1])
        if command is None:
            raise _left_out(verb)
        return cast(int, command.main(words[1:]))
    survey = surveyed()
    for task in survey.tasks.values():
        if task.verb == verb:
            module = GENERATE if isinstance(task, TextTask) else CONVERSE if converses(task) else APPLY
            apply = cast(Callable[[list[str], str], int], importlib.import_module(module).main)
            return apply(words[1:], verb)
    raise _unknown(verb, survey)


def _spare_threads() -> None:
    """Keep NumPy from starting threads for matrix products, unless PyTorch is installed, which may need them.

    Decoding without PyTorch multiplies no matrices with NumPy, but NumPy would start a thread for each processor.
    """
    if importlib.util.find_spec("torch") is None:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _command(name: str) -> Any:  # noqa: ANN401 - a module or an object with `SUMMARY` and `main`
    """Return what runs a verb; None if the light distribution leaves it out."""
    module, _, attribute = name.partition(":")
    is_here = importlib.util.find_spec(module) is not None
    if not is_here:
        return None
    command = importlib.import_module(module)
    return getattr(command, attribute) if attribute else command


def _left_out(verb: str) -> UserError:
    return UserError(
        f"This installation only uses models and has no '{verb}'. To train, evaluate and export, install the whole: "
        "pip uninstall lstm-seq2seq-light, then pip install lstm-seq2seq."
    )


def require_utf8(words: list[str]) -> None:
    """If a word is not UTF-8, raise a `UserError` that explains how to rename the file."""
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError as fault:
            shown = os.fsencode(word).decode("utf-8", "backslashreplace")
            raise UserError(
                f"{shown} is not UTF-8 (file names from Chinese archives often are not), but seq2seq {words[0]} stores "
                "its options as YAML, which must be: rename the file or folder, for example with "
                "convmv -f GBK -t UTF-8 --notest."
            ) from fault


def help_text() -> str:
    """Return the overview of all verbs, including those of the installed tasks."""
    survey = surveyed()
    groups: dict[str, list[tuple[str, str]]] = {TRAIN: [], USE: [], EVALUATE: []}
    for task in survey.tasks.values():
        groups[USE].append((task.verb, task.summary))
    for verb, (group, command) in VERBS.items():
        if (found := _command(command)) is not None:
            groups[group].append((verb, found.SUMMARY))
    width = max(len(verb) for rows in groups.values() for verb, _ in rows) + 2
    lines = [
        "usage: seq2seq COMMAND ...",
        "",
        "Train, use and evaluate LSTM sequence-to-sequence models. To start, with a small built-in corpus:",
        "  seq2seq fit translation",
    ]
    if not groups[EVALUATE]:
        groups[USE] += groups.pop(TRAIN)
        lines[2:] = [
            "Use LSTM sequence-to-sequence models. To train and evaluate them, install lstm-seq2seq. To start:",
            "",
            "  seq2seq info MODEL             describe an exported model",
        ]
    lines.append("")
    for group, rows in groups.items():
        if not rows:
            continue
        lines += [f"{group}:", *(f"  {verb:<{width}}{summary[0].upper()}{summary[1:]}" for verb, summary in rows), ""]
    lines += [f"Task '{plugin.name}' is broken; seq2seq tasks says why." for plugin, _ in survey.broken]
    lines.append("More: seq2seq COMMAND --help, seq2seq --version. SEQ2SEQ_TRACEBACK=1 shows tracebacks.")
    return "\n".join(lines)


def _open_closed_streams() -> None:
    """Replace closed standard streams (``<&-``, ``>&-``) by the null device.

    Otherwise a file that is opened later would get the closed stream's file descriptor.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end


def _unknown(verb: str, survey: Survey) -> UserError:
    tasks = survey.tasks
    for plugin, cause in survey.broken:
        if plugin.name == verb:
            return UserError(cause)
    here = [known for known, (_, command) in VERBS.items() if _command(command) is not None]
    verbs = [*here, *(task.verb for task in tasks.values())]
    word = verb.lower()
    meant = word if word in VERBS else SYNONYMS.get(word, "")
    if meant in VERBS and meant not in here:
        return _left_out(meant)
    if verb.startswith("-"):
        wanted = nearest(word, ["--help", "--version"]) or "Options follow a command. "
        return UserError(f"No option '{verb}' before a command. {wanted}seq2seq --help lists the commands.")
    if word in verbs or SYNONYMS.get(word) in verbs:
        hint = f"Did you mean '{word if word in verbs else SYNONYMS[word]}'? "
    elif name := similar(word, [*verbs, *tasks]):
        hint = f"Did you mean '{name}'? "
        if name in tasks:
            training = f"train it with 'seq2seq fit {name}', " if "fit" in here else ""
            hint = f"'{name}' is a task: {training}apply it with 'seq2seq {tasks[name].verb}'. "
    else:
        hint = ""
    causes = "".join(f" {cause}" for _, cause in survey.broken)
    return UserError(f"No command named '{verb}'. {hint}Commands: {', '.join(sorted(verbs))}.{causes}")


def _say(fault: str, code: int) -> int:
    if os.environ.get("SEQ2SEQ_TRACEBACK") == "1":
        import traceback

        traceback.print_exc()
    announce(f"seq2seq: {sentence(fault)}", on_new_line=False)
    return code


if __name__ == "__main__":
    sys.exit(main())
