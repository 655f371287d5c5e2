"""``seq2seq fit TASK``: train a model."""

SUMMARY = "train a model: files, options or the task's own small corpus in, a run folder out"
HELP = """usage: seq2seq fit TASK [-c FILE ...] [--any.option VALUE ...] [--run_dir FOLDER] [--resume]

Train a model. With no data named, it trains on the small corpus that the task brings along.

  TASK               an installed task, see: seq2seq tasks
  -c FILE            a YAML file of options, by path or name (such as size/small); any number, later ones win
  --any.option X     one option; beats all files
  --run_dir FOLDER   where everything goes; by default runs/TASK/TIME
  --resume           continue the run in --run_dir exactly where it stopped; options may be added (other batches or
                     other data of the same form take effect with the next epoch)

Often used:
  --data.train "[a.en,a.de]"              two aligned files, or one "[a.tsv]" (.csv, .jsonl); .gz too
  --data.validation "[b.en,b.de]"         what the best weights are chosen on
  --data.tokenizer.vocabulary_size 8000   pieces of the tokenizer
  --model.network.hidden_size 512         width of the LSTM layers
  --model.optimizer.learning_rate 1e-3    largest learning rate
  --stopping.patience 5                   stop after so many validations without a better one
  --trainer.max_epochs 30                 or --trainer.max_steps, --trainer.max_time
  --trainer.precision bf16-mixed          on a GPU, or a processor that multiplies bfloat16
  --threads 1                             threads of the processor; by default as many as it has cores

All options of a group, with defaults:
  seq2seq fit TASK --data.help            files, tokenizers, filters, batches
  seq2seq fit TASK --model.help           network, optimizer, schedule, validation, label smoothing
  seq2seq fit TASK --search.help          how the trained model searches, unless told otherwise in use
  seq2seq fit TASK --sampling.help        how it draws instead (--sample true)
  seq2seq fit TASK --stopping.help        which weights are best, early stopping
  seq2seq fit TASK --checkpoint.help      how often to save
  seq2seq fit TASK --trainer.help         Lightning's own: epochs, devices, accumulation, clipping ...

The run folder's path is printed last. It holds config.yaml, tokenizer/, checkpoints/, metrics.csv and bundle/, which
is the model to use: seq2seq evaluate FOLDER."""


def main(arguments: list[str]) -> int:
    """Run the verb."""
    if "--help" in arguments or "-h" in arguments:
        print(HELP)
        return 0
    from seq2seq.interruption import Interrupted, Watch, announce

    with Watch() as watch:
        try:
            from seq2seq.training import fit

            watch.check()
            return fit(arguments, watch)
        except Interrupted as interrupted:
            announce(f"Stopped by {interrupted.name} before training began.")
            return interrupted.exit_code
