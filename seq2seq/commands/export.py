"""``seq2seq export RUN FOLDER``: write a standalone model folder."""

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError
from seq2seq.safe_text import in_line

if TYPE_CHECKING:
    from argparse import Namespace

    from seq2seq.corpus.example import Example
    from seq2seq.deployment.shortlist import ShortlistTable
    from seq2seq.models.bundle import Bundle
    from seq2seq.run_setup.run_folder import RunFolder

SUMMARY = "copy a run's model to a folder to share"


FORMATS = ("torch", "onnx", "web")
COMPARED = 100
"""Number of validation examples with which an exported model is compared."""


def main(arguments: list[str]) -> int:
    """Write a model folder, and print its path."""
    from seq2seq.command_line.arguments import Parser

    parser = Parser("export", "Make a model folder to use elsewhere and to share: seq2seq export RUN FOLDER")
    parser.add_argument("run", metavar="RUN", help="a run folder; or a model folder, to copy or convert it")
    parser.add_argument("folder", metavar="FOLDER", help="the new model folder")
    parser.add_argument(
        "--checkpoint",
        metavar="best|last|FILE",
        default="best",
        help="weights to export (default: the best validated ones)",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="torch",
        help="what computes the model: PyTorch, ONNX Runtime without PyTorch, or a page in a browser (default: torch)",
    )
    parser.add_argument(
        "--precision",
        choices=("int8", "float16", "float32"),
        help="how weights are stored (default: int8 for onnx and web, float32 for torch)",
    )
    parser.add_argument("--half", action="store_true", help="the same as --precision float16")
    parser.add_argument(
        "--shortlist",
        choices=("auto", "off"),
        default="auto",
        help="off: for onnx and web, make no list of likely pieces for each source piece, with which search is faster",
    )
    parser.add_argument(
        "--no_openers", action="store_true", help="leave out the sources that chat and --interactive suggest"
    )
    options = parser.parse_args(arguments)
    precision = _precision(options.format, options.precision, options.half)
    place = free_place(options.folder)
    if options.format == "torch":
        _write_weights(options, place, precision)
    else:
        _write_graphs(options, place, precision)
    print(place)
    return 0


class Push:
    """The subcommand ``push``."""

    SUMMARY = "upload a model to the Hugging Face Hub"

    @staticmethod
    def main(arguments: list[str]) -> int:
        """Upload a model folder, and print its address."""
        from seq2seq.command_line.arguments import Parser
        from seq2seq.hub.model_repository import push
        from seq2seq.models.bundle import find

        parser = Parser("push", "Upload a model to the Hugging Face Hub: seq2seq push MODEL hf:OWNER/NAME")
        parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
        parser.add_argument("name", metavar="hf:OWNER/NAME", help="where; hf:OWNER/NAME@BRANCH for an existing branch")
        parser.add_argument("--private", action="store_true", help="if the repository is new, only you can read it")
        parser.add_argument("--message", metavar="TEXT", default="Upload a seq2seq model", help="what is new")
        options = parser.parse_args(arguments)
        print(push(find(options.model), options.name, is_private=options.private, message=options.message))
        print(f"Use it: seq2seq info {options.name}")
        return 0


def _precision(form: str, wanted: str | None, is_half: bool) -> str:
    """Return the precision of the weights.

    Raises:
        UserError: If the format does not have it.
    """
    if is_half and wanted not in (None, "float16"):
        raise UserError(f"--half is float16, but --precision is {wanted}: leave one of them out.")
    precision = "float16" if is_half else wanted or ("float32" if form == "torch" else "int8")
    known = ("float16", "float32") if form == "torch" else ("int8", "float32")
    if precision not in known:
        raise UserError(f"--format {form} stores weights in {known[0]} or {known[1]}, not in {precision}.")
    return precision


def _write_graphs(options: "Namespace", place: Path, precision: str) -> None:
    """Write a model folder for ONNX Runtime, or the folder of a page."""
    import sys
    import tempfile

    for name in ("onnx", "onnxruntime"):
        if find_spec(name) is None:
            raise UserError(
                f"--format {options.format} needs the package {name}: pip install 'lstm-seq2seq[{options.format}]'."
            )

    from seq2seq.deployment.onnx_folder import write_onnx
    from seq2seq.deployment.web_folder import runtime_folder, write_web
    from seq2seq.models import bundle
    from seq2seq.report.html.page import STYLE

    if options.format == "web":
        runtime_folder()  # before the model is loaded and exported

    with tempfile.TemporaryDirectory() as folder:
        _write_weights(options, Path(folder) / "model", "float32")
        loaded = bundle.load(Path(folder) / "model")
        examples, reason = _examples(Path(options.run), loaded, "validation", COMPARED)
        shortlist, remark = _shortlist(options, loaded)
        if options.format == "web":
            check = write_web(place, loaded, precision, examples, STYLE, shortlist)
        else:
            check = write_onnx(place, loaded, precision, examples, shortlist)
    for line in filter(None, (f"{check.sentence()} {reason}".strip(), remark)):
        print(in_line(line), file=sys.stderr)


def _shortlist(options: "Namespace", loaded: "Bundle") -> "tuple[ShortlistTable | None, str]":
    """Return the shortlist of a model, or none and, if one would make it faster, a sentence that says why."""
    from seq2seq.deployment.shortlist import MOST_EXAMPLES, gains, shortlist_of

    if options.shortlist == "off" or not gains(loaded):
        return None, ""
    examples, reason = _examples(Path(options.run), loaded, "train", MOST_EXAMPLES)
    if reason:
        return None, f"It has no shortlist, because there was no training text. {reason}"
    return shortlist_of(examples, loaded.tokenizers, reader=loaded.config.reader), ""


def _examples(run: Path, loaded: "Bundle", split: str, most: int) -> "tuple[list[Example], str]":
    """Return the first examples of a split of a run, or none and the reason."""
    from seq2seq.evaluation.test_set import of_split

    if not (run / "config.yaml").is_file():
        return [], f"{run} is a model folder without its run."
    try:
        return list(of_split(run, loaded.config, loaded.task, split, most).examples), ""
    except (
        UserError
    ) as fault:  # without its texts, for example because they were moved, a model is exported all the same
        return [], str(fault)


def _write_weights(options: "Namespace", place: Path, precision: str) -> None:
    """Write a model folder for PyTorch."""
    from seq2seq.models import bundle

    if (Path(options.run) / bundle.CONFIG).is_file():
        if options.checkpoint != "best":
            raise UserError(f"{options.run} is a model folder: it has no checkpoints. Leave out --checkpoint.")
        _copy(Path(options.run), place, precision, options.no_openers)
        return
    run = run_of(options.run)
    path = {"best": run.usable, "last": run.last}.get(options.checkpoint, Path(options.checkpoint))
    if not path.is_file():
        raise UserError(f"No checkpoint {path}. Give best, last or a file: --checkpoint best.")

    from seq2seq.plugin import registry
    from seq2seq.runs.averaging import introduction_of, save_bundle
    from seq2seq.training.checkpoint_file import read_checkpoint
    from seq2seq.training.identity import ABOUT

    checkpoint = read_checkpoint(path)
    introduction = introduction_of(run)
    if options.no_openers:
        introduction = replace(introduction, openers=())
    task = registry.load(checkpoint[ABOUT]["task"])
    save_bundle(checkpoint, run, task, place, precision, introduction)


def _copy(folder: Path, place: Path, precision: str, has_no_openers: bool) -> None:
    from seq2seq.models import bundle

    model = bundle.load(folder)
    config = model.config
    if has_no_openers:
        config = replace(config, introduction=replace(config.introduction, openers=()))
    network = model.torch_network
    bundle.save(place, network, config, model.tokenizers, precision)


def run_of(path: str) -> "RunFolder":
    """Return an existing run folder.

    Raises:
        UserError: If the path is not a run folder.
    """
    from seq2seq.errors import nearest
    from seq2seq.run_setup.run_folder import RunFolder

    run = RunFolder(Path(path).expanduser())
    if run.config.is_file():
        return run
    if not run.path.exists():
        names = [child.name for child in run.path.parent.iterdir()] if run.path.parent.is_dir() else []
        raise UserError(f"No run folder {path}. {nearest(run.path.name, names)}".strip())
    raise UserError(f"{path} is not a run folder: it contains no config.yaml.")


def free_place(path: str) -> Path:
    """Return the path of a new model folder.

    Raises:
        UserError: If it is a file or a nonempty folder.
    """
    place = Path(path).expanduser()
    if place.is_file() or (place.is_dir() and any(place.iterdir())):
        raise UserError(f"{path} exists already: choose another name for the new model folder, or remove it.")
    return place
