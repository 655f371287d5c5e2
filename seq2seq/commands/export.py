"""``seq2seq export RUN FOLDER``: write a standalone model folder."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from seq2seq.run_setup.run_folder import RunFolder

SUMMARY = "copy a run's model to a folder to share"


def main(arguments: list[str]) -> int:
    """Write a model folder, and print its path."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.models import bundle

    parser = Parser("export", "Make a model folder to use elsewhere and to share: seq2seq export RUN FOLDER")
    parser.add_argument("run", metavar="RUN", help="a run folder; or a model folder, to copy it at half the size")
    parser.add_argument("folder", metavar="FOLDER", help="the new model folder")
    parser.add_argument(
        "--checkpoint",
        metavar="best|last|FILE",
        default="best",
        help="weights to export (default: the best validated ones)",
    )
    parser.add_argument("--half", action="store_true", help="store float16 instead of float32: half the size")
    parser.add_argument(
        "--no_openers", action="store_true", help="leave out the sources that chat and --interactive suggest"
    )
    options = parser.parse_args(arguments)
    place = free_place(options.folder)
    if (Path(options.run) / bundle.CONFIG).is_file():
        if options.checkpoint != "best":
            raise UserError(f"{options.run} is a model folder: it has no checkpoints. Leave out --checkpoint.")
        _copy(Path(options.run), place, options.half, options.no_openers)
    else:
        run = run_of(options.run)
        path = {"best": run.usable, "last": run.last}.get(options.checkpoint, Path(options.checkpoint))
        if not path.is_file():
            raise UserError(f"No checkpoint {path}. Give best, last or a file: --checkpoint best.")

        from seq2seq.plugin import registry
        from seq2seq.runs.averaging import introduction_of, save_bundle
        from seq2seq.training.checkpoint_file import read_checkpoint
        from seq2seq.training.identity import ABOUT

        checkpoint = read_checkpoint(path)
        precision = "float16" if options.half else "float32"
        introduction = introduction_of(run)
        if options.no_openers:
            introduction = replace(introduction, openers=())
        task = registry.load(checkpoint[ABOUT]["task"])
        save_bundle(checkpoint, run, task, place, precision, introduction)
    print(place)
    return 0


def _copy(folder: Path, place: Path, is_half: bool, has_no_openers: bool) -> None:
    from seq2seq.models import bundle
    from seq2seq.models.engine import torch_network

    model = bundle.load(folder)
    config = model.config
    if has_no_openers:
        config = replace(config, introduction=replace(config.introduction, openers=()))
    bundle.save(
        place, torch_network(model.network, folder), config, model.tokenizers, "float16" if is_half else "float32"
    )


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
