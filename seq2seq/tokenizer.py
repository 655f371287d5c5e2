"""Text to pieces and back: one sentencepiece model, and our special ids after its own pieces.

Nothing that a user types can become a special id: separators are inserted by id, and a string is split on line breaks
before sentencepiece sees it. Decoding splits on the special ids first. With byte fallback every text survives
``decode(encode(text))`` unchanged, blanks and unknown characters included.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from seq2seq.corpus import WRITTEN, Mark, Text
from seq2seq.errors import UserError, nearest
from seq2seq.subwords import BLANK, Draws, Subwords

# sentencepiece spells a blank as U+2581, so a U+2581 of the text would come back as a blank. It travels as U+FDD0, a
# code point that Unicode reserves for the inside of programs and that `corpus.normalize` removes.
STAND_IN = "\ufdd0"

_UNSPEAKABLE = re.compile("[\ud800-\udfff\ufdd0]")


class Tokenizer:
    """A sentencepiece model with six special ids after its own pieces.

    Args:
        model: The serialised sentencepiece model.
        name: Where it came from, for messages.

    Attributes:
        padding: Id that fills a batch.
        start: Id that begins the decoder's input.
        end: Id that ends a target.
        unknown: The model's own id for what it cannot spell.
        marks: Id of each mark.
        vocabulary_size: Pieces of the model and special ids together.

    Raises:
        UserError: If the bytes are no sentencepiece model.
    """

    def __init__(self, model: bytes, name: str = "the model") -> None:
        from sentencepiece import SentencePieceProcessor

        try:
            self._processor = SentencePieceProcessor(model_proto=model)
        except RuntimeError as fault:
            raise UserError(f"{name} is no sentencepiece model.") from fault
        self._model = model
        self._subwords: Subwords | None = None
        self._pieces = int(self._processor.get_piece_size())
        if self._pieces == 0:
            raise UserError(f"{name} is no sentencepiece model.")
        self.unknown: int = self._processor.unk_id()
        self.padding, self.start, self.end = range(self._pieces, self._pieces + 3)
        self.marks: dict[Mark, int] = {mark: self._pieces + 3 + number for number, mark in enumerate(Mark)}
        self.vocabulary_size: int = self._pieces + 3 + len(Mark)
        self._strings = {number: WRITTEN[mark] for mark, number in self.marks.items()}

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self._model,)

    def encode(self, text: Text) -> list[int]:
        """Return the ids of a text, without start and end; the likeliest segmentation."""
        ids: list[int] = []
        for part in self._parts(text):
            if isinstance(part, Mark):
                ids.append(self.marks[part])
            else:
                ids += self._processor.encode(part)
        return ids

    def sample(self, text: Text, *, seed: int, alpha: float) -> list[int]:
        """Return the ids of a text in a randomly drawn segmentation.

        A pure function of the model and the arguments: processes, earlier draws and the order of the texts make no
        difference (sentencepiece's own sampling gives other pieces in each process, whatever its seed).

        Args:
            text: What to segment.
            seed: Any integer; its lowest 64 bits count.
            alpha: For BPE the probability of leaving out a merge (BPE-dropout, Provilkov et al. 2020), for unigram the
                sharpness of the distribution (Kudo 2018; smaller is wilder). 0 draws nothing: it is `encode`.
        """
        if alpha == 0:
            return self.encode(text)
        if self._subwords is None:
            self._subwords = Subwords(self._processor)
        draws = Draws(seed)
        ids: list[int] = []
        for part in self._parts(text):
            if isinstance(part, Mark):
                ids.append(self.marks[part])
            else:
                ids += self._subwords.redraw(self._processor.encode(part), alpha, draws)
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of ids: marks are written as `corpus.plain` writes them, the other specials vanish.

        Raises:
            IndexError: If an id is outside the vocabulary.
        """
        out: list[str] = []
        run: list[int] = []
        for token in [*map(int, ids), self.padding]:
            if 0 <= token < self._pieces:
                run.append(token)
            elif self._pieces <= token < self.vocabulary_size:
                out.append(self._processor.decode(run) if run else "")
                out.append(self._strings.get(token, ""))
                run = []
            else:
                raise IndexError(f"id {token} is outside the vocabulary of {self.vocabulary_size}")
        return "".join(out).replace(STAND_IN, BLANK)

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return how each id is written in tables and plots; special ids stand in angle brackets."""
        special = {self.padding: "<padding>", self.start: "<start>", self.end: "<end>"}
        special |= {number: f"<{mark}>" for mark, number in self.marks.items()}
        return [special.get(token) or self._processor.id_to_piece(token) for token in map(int, ids)]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model file, one of ours or any other sentencepiece model.

        Raises:
            UserError: If it is missing (names the nearest) or no model.
        """
        path = Path(path)
        if not path.is_file():
            names = [child.name for child in path.parent.iterdir()] if path.parent.is_dir() else []
            raise UserError(f"No tokenizer model {path}. {nearest(path.name, names)}".strip())
        return cls(path.read_bytes(), str(path))

    def save(self, path: Path) -> None:
        """Write the model file; the special ids follow from it and need no file."""
        Path(path).write_bytes(self._model)

    def digest(self) -> str:
        """Return a hash of everything that decides how text becomes ids."""
        return hashlib.sha256(b"specials 1\n" + self._model).hexdigest()

    def _parts(self, text: Text) -> Iterator[str | Mark]:
        """Yield marks and the strings between them, none of them empty; a line break is a mark."""
        if isinstance(text, str):
            # The common case, kept short: no mark and nothing to replace.
            if text.isascii() and "\n" not in text:
                if text:
                    yield text
                return
            text = (text,)
        joined = ""
        for part in (*text, None):
            if isinstance(part, str) and not isinstance(part, Mark):
                joined += part
                continue
            # Strings without a mark between them are one string: each string of its own would begin with a blank.
            joined = _UNSPEAKABLE.sub("\ufffd", joined).replace(BLANK, STAND_IN)
            for number, line in enumerate(joined.split("\n")):
                if number:
                    yield Mark.LINE
                if line:
                    yield line
            joined = ""
            if part is not None:
                yield part


@dataclass(frozen=True)
class Tokenizers:
    """The tokenizers of both sides.

    Args:
        source: Tokenizer of the source.
        target: Tokenizer of the target; with `joint` the same object.
        joint: Whether both sides share one vocabulary.
    """

    source: Tokenizer
    target: Tokenizer
    joint: bool

    def save(self, folder: Path) -> None:
        """Write ``joint.model``, or ``source.model`` and ``target.model``, and ``tokenizer.json`` into a folder."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, tokenizer in self.by_name().items():
            tokenizer.save(folder / f"{name}.model")
        digests = {name: tokenizer.digest() for name, tokenizer in self.by_name().items()}
        description = {"joint": self.joint, "digests": digests}
        (folder / "tokenizer.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote.

        Raises:
            UserError: If a file is missing or not the one that was saved.
        """
        folder = Path(folder)
        try:
            text = (folder / "tokenizer.json").read_text(encoding="utf-8")
        except FileNotFoundError as fault:
            raise UserError(f"{folder} holds no tokenizer: its tokenizer.json is missing.") from fault
        try:
            description: dict[str, Any] = json.loads(text)
            joint, digests = bool(description["joint"]), dict(description["digests"])
        except (ValueError, KeyError, TypeError) as fault:
            raise UserError(f"{folder / 'tokenizer.json'} is damaged ({fault}).") from fault
        names = ["joint"] if joint else ["source", "target"]
        loaded = [Tokenizer.load(folder / f"{name}.model") for name in names]
        for name, tokenizer in zip(names, loaded, strict=True):
            if digests.get(name) != tokenizer.digest():
                raise UserError(f"{folder / name}.model is not the file that was saved there: its checksum differs.")
        return cls(loaded[0], loaded[-1], joint)

    def digest(self) -> str:
        """Return a hash of both tokenizers."""
        return hashlib.sha256(f"{self.source.digest()} {self.target.digest()}".encode()).hexdigest()

    def by_name(self) -> dict[str, Tokenizer]:
        """Return the distinct tokenizers: 'joint' alone, or 'source' and 'target'."""
        return {"joint": self.source} if self.joint else {"source": self.source, "target": self.target}
