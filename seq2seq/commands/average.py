"""``seq2seq average RUN``: the average of a run's last weights as a model."""

SUMMARY = "average the weights that a run kept, as a model folder"


def main(arguments: list[str]) -> int:
    """Run the verb.

    Raises:
        UserError: If the run kept fewer weights than asked for.
    """
    from seq2seq.commands.arguments import Parser

    parser = Parser(
        "average",
        "Average the weights that a run kept (the most recent validated ones, see --checkpoint.keep of fit).",
    )
    parser.add_argument("run", metavar="RUN", help="a run folder")
    parser.add_argument("--last", type=int, default=0, help="average so many of them, the most recent; by default all")
    parser.add_argument("--output", default="", help="where the model goes; by default RUN/average")
    typed = parser.parse_args(arguments)

    from pathlib import Path

    from seq2seq import task as tasks
    from seq2seq.averaging import average, kept, save_bundle
    from seq2seq.checkpointing import ABOUT
    from seq2seq.errors import UserError
    from seq2seq.runs import RunFolder

    folder = RunFolder(Path(typed.run))
    paths = kept(folder)
    if not paths or typed.last > len(paths) or typed.last < 0:
        raise UserError(
            f"{typed.run} has kept the weights of {len(paths)} validations, but "
            f"{typed.last or 'at least 1'} are needed: see --checkpoint.keep of seq2seq fit."
        )
    checkpoint = average(paths[-typed.last :])
    place = Path(typed.output) if typed.output else folder.path / "average"
    save_bundle(checkpoint, folder, tasks.load(checkpoint[ABOUT]["task"]), place)
    print(place)
    return 0
