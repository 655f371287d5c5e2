"""``seq2seq validate``, ``test`` and ``predict``: Lightning's subcommands on the best weights of a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainerVerb:
    """One of Lightning's subcommands.

    Args:
        name: Name of the subcommand.
        noun: Noun that names the action in the help.
        SUMMARY: One-line description.
    """

    name: str
    noun: str
    SUMMARY: str

    def main(self, arguments: list[str]) -> int:
        """Run the subcommand."""
        if "--help" in arguments or "-h" in arguments:
            print(
                f"usage: seq2seq {self.name} RUN_FOLDER [-c FILE ...] [--any.option VALUE ...]\n"
                f"       seq2seq {self.name} TASK --run_dir RUN_FOLDER [-c FILE ...] [--any.option VALUE ...]\n\n"
                f"Run Lightning's {self.noun} on the best weights of a run. Options given here override its own.\n"
                "For scores with intervals and a report use: seq2seq evaluate RUN_FOLDER"
            )
            return 0
        from seq2seq.run_setup.request import of_run

        run = of_run(self.name, arguments)
        if run is None:
            return 0
        from seq2seq.runs.fit import evaluate

        return evaluate(self.name, *run)


validate = TrainerVerb("validate", "validation", "print the validation loss and score of a run")
test = TrainerVerb("test", "test", "print the test loss and score of a run")
predict = TrainerVerb("predict", "prediction", "print a run's outputs for its test data")
