"""The batches that one thread decodes, step by step in turn."""

from dataclasses import dataclass, field

from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.decoding_together import batch_of
from seq2seq.models.stepwise.job import Batch, Part, Progress
from seq2seq.server.measurements import Counts
from seq2seq.server.ticket import Post, Ticket
from seq2seq.server.waiting_parts import Waiting


@dataclass(eq=False)
class Running:
    """A batch that is being decoded.

    Attributes:
        batch: The batch.
        name: Name of the model.
        model: The model.
        key: The key of its parts.
        waiting: The entry of each part.
        is_alone: Whether the batch has one part, which is decoded alone.
        shown: Parts of which text has been returned, so that they cannot begin again.
    """

    batch: Batch
    name: str
    model: LoadedModel
    key: object
    waiting: dict[Part, Waiting]
    is_alone: bool = False
    shown: set[Part] = field(default_factory=set)

    def add(self, entry: Waiting) -> None:
        """Add a part for which the batch is open."""
        self.batch.add(entry.part)
        self.waiting[entry.part] = entry


class Lane:
    """The running batches of one thread.

    Args:
        counts: Where steps and pieces are counted.

    Attributes:
        running: The batches, which advance in turn.
        turns: Number of turns since the last batch began.
        is_idle: Whether nothing is decoded; false as soon as parts are taken for a batch.
        again: Parts of a failed batch that are to be decoded alone.
    """

    def __init__(self, counts: Counts) -> None:
        self.running: list[Running] = []
        self.turns = 0
        self.is_idle = True
        self.again: list[Waiting] = []
        self._counts = counts

    @property
    def busy(self) -> int:
        """Number of parts that are being decoded."""
        return sum(len(running.waiting) for running in self.running)

    @property
    def tickets(self) -> list[Ticket]:
        """The jobs of the parts that are being decoded."""
        return [entry.ticket for running in self.running for entry in running.waiting.values()]

    def begin(self, entries: list[Waiting]) -> None:
        """Begin a batch of parts that fit."""
        first = entries[0]
        batch = batch_of(first.ticket.model, [entry.part for entry in entries])
        waiting, name, model = {entry.part: entry for entry in entries}, first.ticket.name, first.ticket.model
        self.running.append(Running(batch, name, model, first.part.key, waiting, first.is_alone))
        self.turns = 0

    def turn(self, post: Post) -> None:
        """Advance each batch by one step, and add the messages to those who wait for it."""
        self.turns += 1
        for running in list(self.running):
            self._advance(running, post)
        self.running = [running for running in self.running if running.waiting]

    def _advance(self, running: Running, post: Post) -> None:
        dropped = [part for part, entry in running.waiting.items() if entry.ticket.is_over]
        if dropped:
            running.batch.drop(dropped)
            for part in dropped:
                del running.waiting[part]
        if not running.waiting:
            return
        self._counts.count_step(len(running.waiting), running.batch.rows, running.name)
        try:
            progress = running.batch.advance()
        except Exception as fault:  # whatever it is, those who wait for other batches do not suffer from it
            self._fail(running, fault, post)
            return
        generated = 0
        for entry in progress:
            generated += entry.pieces
            self._add(running, entry, post)
        if generated:
            self._counts.count_pieces(generated, running.name, "generated")

    def _add(self, running: Running, progress: Progress, post: Post) -> None:
        """Add the progress of a part to its job, and finish the job with its last part."""
        ticket = running.waiting[progress.part].ticket
        assert ticket.request is not None
        if progress.text:
            running.shown.add(progress.part)
        if progress.outputs is not None:
            del running.waiting[progress.part]
            running.shown.discard(progress.part)
        try:
            with ticket.adding:
                if text := ticket.request.add(progress):
                    post.add(ticket, text)
                if ticket.request.is_over:
                    finish(ticket, post)
        except Exception as fault:
            fail(ticket, fault, post)

    def _fail(self, running: Running, fault: Exception, post: Post) -> None:
        """End a batch that failed. If it had several parts, each is decoded again alone; only the cause fails then."""
        is_one = len({entry.ticket for entry in running.waiting.values()}) == 1
        for part, entry in running.waiting.items():
            if is_one or part in running.shown:
                fail(entry.ticket, fault, post)
            elif not entry.ticket.is_over:
                self.again.append(Waiting(part, entry.ticket, is_alone=True))
        running.waiting.clear()


def finish(ticket: Ticket, post: Post) -> None:
    """Send the outputs of a job whose parts have ended."""
    assert ticket.request is not None
    rest, outputs = ticket.request.outputs()
    if ticket.end("done"):
        post.add(ticket, rest, outputs)


def fail(ticket: Ticket, fault: Exception, post: Post) -> None:
    """Send the fault of a job; its parts leave their batches."""
    if ticket.end("failed"):
        post.add(ticket, fault=fault)
