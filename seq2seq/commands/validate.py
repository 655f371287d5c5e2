"""``seq2seq validate RUN``: Lightning's validation with the best weights of a run."""

SUMMARY = "print the validation loss and score of a run"
HELP = """usage: seq2seq validate RUN_FOLDER [-c FILE ...] [--any.option VALUE ...]
       seq2seq validate TASK --run_dir RUN_FOLDER [-c FILE ...] [--any.option VALUE ...]

Run Lightning's validation on the best weights of a run, with its own options; those that are given here beat them.
For scores with intervals and a report use: seq2seq evaluate RUN_FOLDER"""


def main(arguments: list[str]) -> int:
    """Run the verb."""
    if "--help" in arguments or "-h" in arguments:
        print(HELP)
        return 0
    from seq2seq.run_setup.request import of_run

    found = of_run("validate", arguments)
    if found is None:
        return 0
    from seq2seq.runs.fit import look

    return look("validate", *found)
