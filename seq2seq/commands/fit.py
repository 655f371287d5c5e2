"""``seq2seq fit TASK``: train a model; ``validate``, ``test``, ``predict``: Lightning's subcommands."""

import sys
from dataclasses import dataclass

SUMMARY = "train a model on your files, or on a small built-in corpus"
HELP = """usage: seq2seq fit TASK [-c FILE ...] [--any.option VALUE ...] [--run_dir FOLDER] [--resume]

Train a model. Without data files, it trains on a small corpus that comes with the task.

  TASK               an installed task, see: seq2seq tasks
  -c FILE            a YAML file of options, by path or name (see: seq2seq presets); later files override earlier ones
  --any.option X     any single option; overrides all files
  --run_dir FOLDER   folder of the run (default: runs/TASK/TIME)
  --resume           continue the run in --run_dir exactly where it stopped; options may be added (other batches or
                     other data of the same form take effect with the next epoch)
  --dry_run          only read all data and try the largest batch; print the plan, memory and time; write nothing
  --init_from MODEL  start from a trained model's weights, architecture and tokenizer (docs/fine-tuning.md), with
  --freeze PART ...  parts that are not trained: encoder, decoder, attention, embeddings, output, ...
  --old_test FILES   old data, on which both models are then evaluated
  --print_config     print all options with the values that the run would use, and exit

Common options:
  --data.train a.en a.de                  two aligned text files, or one .tsv, .csv or .jsonl (.gz too); or several such
  --data.validation b.en b.de             validation files, on which the best weights are chosen
  --data.tokenizer.vocabulary_size 8000   size of the vocabulary
  --model.network.hidden_size 512         width of the LSTM layers
  --model.optimizer.learning_rate 1e-3    peak learning rate
  --stopping.patience 5                   stop after 5 validations without improvement
  --trainer.max_epochs 30                 or --trainer.max_steps, --trainer.max_time
  --trainer.precision bf16-mixed          on a GPU, or a processor with bfloat16
  --threads 1                             processor threads (default: all cores)

More options, with current values:
  seq2seq fit TASK --data.help            files, tokenizers, filters, batches
  seq2seq fit TASK --model.help           network, optimizer, schedule, validation
  seq2seq fit TASK --search.help          how the trained model searches by default
  seq2seq fit TASK --sampling.help        how it samples instead (--sample true)
  seq2seq fit TASK --stopping.help        best weights, early stopping
  seq2seq fit TASK --checkpoint.help      how often to save
  seq2seq fit TASK --trainer.help         epochs, devices, precision, accumulation, clipping

The last line printed is the run folder: config.yaml, tokenizer/, checkpoints/, metrics.csv and bundle/, the trained
model. To evaluate it: seq2seq evaluate FOLDER."""


def main(arguments: list[str]) -> int:
    """Train a model, and return the exit code."""
    if "--help" in arguments or "-h" in arguments:
        print(HELP)
        return 0
    from seq2seq.interruption import Interrupted, Watch, announce
    from seq2seq.run_setup.request import ready
    from seq2seq.training.starting_model import StartingModel

    with Watch() as watch:
        try:
            # Report errors before importing PyTorch and Lightning, which takes seconds.
            start = ready(arguments, StartingModel.read)
            if start is None:
                return 0
            if start.plan.shows_progress:
                print("Loading PyTorch ...", file=sys.stderr, flush=True)
            if start.request.dry_run:
                from seq2seq.runs.dry_run import dry_run

                watch.check()
                return dry_run(start.plan, start.request.run_dir)
            from seq2seq.runs.fit import train

            watch.check()
            return train(start, watch)
        except Interrupted as interrupted:
            announce(f"Stopped by {interrupted.name} before training began.")
            return interrupted.exit_code


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
