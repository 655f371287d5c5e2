"""Progress of a verb: finished sources and speed, or the length of the outputs in progress."""

from seq2seq.amounts import amount
from seq2seq.progress import Progress


class SourceProgress(Progress):
    """Shows finished sources and sources per second, if the work takes long; see `Progress`."""

    done = 0

    def show(self, done: int) -> None:
        """Show the number of finished sources."""
        self.done = done
        if self.is_due:
            self.write(amount(done, "source"), f"{done / self.seconds:.1f} sources/s")

    def step(self, written: int, most: int) -> None:
        """Show the length of the outputs in progress.

        Args:
            written: Pieces written.
            most: The largest number possible.
        """
        if self.is_due:
            self.write(amount(self.done, "source"), f"{written:,} of at most {most:,} pieces written")
