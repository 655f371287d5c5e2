"""How the rooms are connected: imports run one way, the core never imports a task, and light modules stay light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.environments import REPOSITORY

CORE = REPOSITORY / "seq2seq"

# A module may import from its own floor's own room and from the floors above it in this list. Rooms on one floor
# do not know each other.
FLOORS: list[dict[str, set[str]]] = [
    {
        "faults and files": {
            *("safe_text", "amounts", "errors", "writing"),
            *("atomic_folders", "interruption", "process_lifetime"),
            *("parsing", "typed_values", "bounded_lines"),
        },
    },
    {
        "options": {"options", "network_options", "training_options", "trainer_options", "decoding"},
    },
    {
        "text": {
            *(
                "files",
                "text_encoding",
                "corpus",
                "filters",
                "columns",
                "records",
                "subwords",
                "tokenizer",
                "vocabulary",
                "copies",
            ),
            *(
                "segmentation",
                "store",
                "plan",
                "batching",
                "loader",
                "truncation",
                "held_out",
                "first_lines",
                "streams",
                "data_defaults",
                "lengths",
            ),
            *("cache",),
            "data_options",
        },
        "model": {
            *(
                "allocator",
                "precision",
                "products",
                "lstm",
                "embedding",
                "encoder",
                "hierarchy",
                "attention",
                "copying",
                "decoder",
                "network",
                "loss",
            ),
        },
        "scores": {"metrics", "script_tokenizer", "scored_texts", "rouge", "sentences", "significance", "copied_runs"},
    },
    {
        "decoding": {
            "search",
            "sampling",
            "streaming",
            "scoring",
            "constraints",
            "utf8",
            "bans",
            "reranking",
            "generation",
            "spelling",
            "healing",
            "text_loss",
            "fusion",
        },
        "door": {"task", "presets"},
        "recipes": {"recipe", "recipe_documents", "recipe_dialogues", "recipe_texts"},
    },
    {
        "models": {
            "bundle",
            "introduction",
            "unknown_characters",
            "weights_file",
            "card",
            "companions",
            "model",
            "loading",
            "forced_decoding",
            "language_model",
            "outputs",
            "session",
            "sources",
            "splitting",
        },
    },
    {
        "training": {
            *(
                "schedule",
                "scheduled_sampling",
                "resume",
                "continuation",
                "callbacks",
                "divergence",
                "checkpointing",
                "checkpoint_contents",
                "progress",
                "run_messages",
                "runs",
                "datamodule",
                "text_data",
                "validation",
            ),
            *(
                "option_parser",
                "option_help",
                "fit_request",
                "preflight",
                "stored_options",
                "module",
                "application",
                "averaging",
                "training",
                "curves",
                "training_samples",
            ),
        },
        "evaluation": {
            *("report", "report_tables", "report_markdown", "report_html", "plots", "testset", "evaluation"),
            *("page", "heat", "attention_page", "text_evaluation", "error_summary"),
            *(
                "report_figures",
                "report_verdict",
                "report_language",
                "report_chinese",
                "report_chinese_text",
                "report_style",
                "report_cards",
            ),
            *(
                "report_chinese_text",
                "report_charts",
                "report_browser",
                "report_terminal",
                "report_runs",
                "report_index",
            ),
        },
    },
    {"command": {"cli", "commands", "repl"}},
]
PLACES = {
    module: (floor, room) for floor, rooms in enumerate(FLOORS) for room, names in rooms.items() for module in names
}
# What listing tasks, `--help` and reading options need; they must import in milliseconds.
LIGHT = (
    *(
        "",
        "cli",
        "safe_text",
        "errors",
        "options",
        "network_options",
        "training_options",
        "trainer_options",
        "data_options",
        "decoding",
        "corpus",
        "files",
        "task",
        "presets",
        "writing",
    ),
    *("parsing", "typed_values"),
    *("recipe", "recipe_documents", "recipe_dialogues", "recipe_texts"),
)
HEAVY = ("torch", "lightning", "sentencepiece", "sacrebleu", "numpy", "jsonargparse", "rouge_score")


def modules() -> list[Path]:
    return sorted(CORE.rglob("*.py"))


def name_of(path: Path) -> str:
    """The module's place in the table: its name, or its package's."""
    return path.relative_to(CORE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports when it runs, at its top or inside functions; not what only types need."""

    def visit(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            yield from visit(child)

    yield from visit(ast.parse(path.read_text(encoding="utf-8")))


def test_every_module_has_its_place_and_every_place_its_module() -> None:
    names = {name_of(path) for path in modules()} - {"__init__"}
    assert names == set(PLACES), "keep FLOORS in step with the modules"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_imports_run_one_way(path: Path) -> None:
    name = name_of(path)
    if name == "__init__":
        return
    floor, room = PLACES[name]
    for target in imported(path):
        parts = target.split(".")
        if parts[0] == "seq2seq" and len(parts) > 1 and parts[1] in PLACES:
            there, other = PLACES[parts[1]]
            assert there < floor or other == room, f"{name} ({room}) imports {parts[1]} ({other})"


def test_no_file_is_longer_than_500_lines() -> None:
    folders = ("seq2seq", "tasks", "data", "tests", "docs", "benchmarks")
    lines = {
        path: path.read_text(encoding="utf-8").count("\n")
        for name in folders
        for path in (REPOSITORY / name).rglob("*.py")
    }
    assert [str(path.relative_to(REPOSITORY)) for path, count in lines.items() if count > 500] == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_the_core_never_imports_a_task(path: Path) -> None:
    tasks = [target for target in imported(path) if target.startswith("seq2seq_")]
    assert not tasks


def test_only_training_imports_lightning() -> None:
    for path in modules():
        if any(target.split(".")[0] in ("lightning", "jsonargparse") for target in imported(path)):
            assert PLACES[name_of(path)][1] == "training", f"{path.name} imports lightning"


def test_light_modules_import_nothing_heavy() -> None:
    plugins = [path.name for path in sorted((REPOSITORY / "tasks").iterdir()) if (path / "__init__.py").exists()]
    names = [f"seq2seq.{name}".rstrip(".") for name in LIGHT] + plugins
    code = f"import sys, {', '.join(names)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    path = f"import sys; sys.path[:0] = {[str(REPOSITORY), str(REPOSITORY / 'tasks')]!r}; "
    done = subprocess.run([sys.executable, "-c", path + code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == ""
