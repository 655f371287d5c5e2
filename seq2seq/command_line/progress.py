"""Progress display of a verb: finished sources and speed, or the length of the outputs in progress."""

from seq2seq.amounts import amount
from seq2seq.progress import Progress


class SourceProgress(Progress):
    """Shows the number of finished sources and the speed; see `Progress`."""

    done = 0

    def show(self, done: int) -> None:
        """Show the number of finished sources."""
        self.done = done
        if self.is_due:
            self.write(amount(done, "source"), f"{done / self.seconds:.1f} sources/s")

    def step(self, written: int, most: int) -> None:
        """Show the length of the outputs in progress, and their maximum length, in pieces."""
        if self.is_due:
            self.write(amount(self.done, "source"), f"{written:,} of at most {most:,} pieces written")
