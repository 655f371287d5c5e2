"""``seq2seq average RUN``: write a model folder with the average of a run's last weights."""

SUMMARY = "average the last weights of a run into a model folder"


def main(arguments: list[str]) -> int:
    """Write a model folder with averaged weights, and print its path.

    Raises:
        UserError: If the run has fewer checkpoints than requested.
    """
    from seq2seq.command_line.arguments import Parser

    parser = Parser(
        "average", "Average the weights that a run kept (the most recent validated ones, see --checkpoint.keep of fit)."
    )
    parser.add_argument("run", metavar="RUN", help="a run folder")
    parser.add_argument("--last", metavar="N", type=int, help="average the N most recent (default: all)")
    parser.add_argument("-o", "--output", metavar="FOLDER", help="the new model folder (default: RUN/average)")
    options = parser.parse_args(arguments)

    from seq2seq.amounts import amount
    from seq2seq.commands.export import free_place, run_of

    run = run_of(options.run)

    from seq2seq.errors import UserError

    paths = run.kept
    count = len(paths) if options.last is None else options.last
    if not 1 <= count <= len(paths):
        asked = "at least 1 is" if options.last is None else f"--last {options.last} is"
        raise UserError(
            f"{options.run} has kept the weights of {amount(len(paths), 'validation')}, but {asked} needed: "
            "see --checkpoint.keep of seq2seq fit."
        )
    place = free_place(options.output or str(run.path / "average"))

    from seq2seq.plugin import registry
    from seq2seq.runs.averaging import average, save_bundle
    from seq2seq.training.identity import ABOUT

    checkpoint = average(paths[-count:])
    save_bundle(checkpoint, run, registry.load(checkpoint[ABOUT]["task"]), place)
    print(place)
    return 0
