"""Tokenizers: a sentencepiece model with special tokens whose ids follow its pieces.

User text cannot produce special ids, because only `Mark` objects and line breaks are encoded as such. With byte
fallback, ``decode(encode(text))`` returns every text unchanged, including spaces and unknown characters.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from seq2seq.corpus.example import MASKS, WRITTEN, Mark, Mask, MaskedText
from seq2seq.errors import UserError, WorldError, nearest
from seq2seq.files.atomic_folders import replace_folder
from seq2seq.files.parsing import MIB, read_bytes, read_json
from seq2seq.files.typed_values import Fields
from seq2seq.tokenization.subword_sampling import BLANK, Draws, Subwords

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# sentencepiece spells a space as U+2581, so U+2581 in a text would be decoded as a space. It is encoded as U+FDD0, a
# code point that Unicode reserves for internal use and that `seq2seq.corpus.normalization` removes.
STAND_IN = "\ufdd0"
# The trainer cannot handle tabs either, so this character replaces them.
TAB = "\ufdd1"

_UNSPEAKABLE = re.compile("[\ud800-\udfff\ufdd0\ufdd1]")
# sentencepiece merges adjacent unknown words into one piece.
_UNKNOWN = re.compile(f"{BLANK}[^{BLANK}]*|[^{BLANK}]")

_TAG = re.compile("<tag:(.+)>")
_MASK = re.compile(r"<mask:\d>")
_BYTE = re.compile("<0x[0-9A-Fa-f]{2}>")
MODEL_BYTES = 64 * MIB
"""Maximum size of a sentencepiece model; one with 256,000 pieces has 4 MiB."""


class Tokenizer:
    """A sentencepiece model with six special ids after its own pieces.

    Args:
        model: The serialised sentencepiece model.
        name: Its name in messages.

    Attributes:
        padding: Padding id.
        start: Id of the start token, which begins the decoder's input.
        end: Id of the end token.
        unknown: The model's own id for unknown text.
        marks: Id of each mark.
        tags: Id of each tag of a corpus; see `seq2seq.tokenization.tags`.
        masks: Id of each mask, by number; () for a tokenizer without masks. See `seq2seq.corpus.masks`.
        own_marks: All special ids, those of masks included.
        vocabulary_size: Total number of pieces and special tokens.
        has_prefix: Whether the first word of a text has a leading space, like other words.
        has_bytes: Whether the model has byte fallback, so nothing is unknown.

    Raises:
        UserError: If the bytes are not a sentencepiece model.
    """

    def __init__(self, model: bytes, name: str = "the model") -> None:
        from sentencepiece import SentencePieceProcessor

        try:
            self._processor = SentencePieceProcessor(model_proto=model)
            self._pieces = int(self._processor.get_piece_size())
            spelt = self._processor.id_to_piece(list(range(self._pieces)))
        except (RuntimeError, OSError, ValueError) as fault:  # ValueError: a piece is not UTF-8
            raise UserError(f"{name} is not a sentencepiece model, or is damaged.") from fault
        if not spelt or self._processor.unk_id() < 0:
            raise UserError(f"{name} is not a sentencepiece model, or is damaged.")
        self._bytes = {number: spelt[number] for number in range(self._pieces) if self._processor.is_byte(number)}
        for number, piece in self._bytes.items():
            if not _BYTE.fullmatch(piece):
                raise UserError(f"{name} is damaged: its piece {number} is marked as a byte, but not spelled as one.")
        self._model = model
        self._subwords: Subwords | None = None
        self.unknown: int = self._processor.unk_id()
        self.has_bytes = bool(self._bytes)
        self.padding, self.start, self.end = range(self._pieces, self._pieces + 3)
        control = [number for number in range(self._pieces) if self._processor.is_control(number)]
        named = ((number, _TAG.fullmatch(spelt[number])) for number in control)
        self.tags: dict[str, int] = {match[1]: number for number, match in named if match}
        masks = {spelt[number]: number for number in control if _MASK.fullmatch(spelt[number])}
        known = [masks[mask_piece(number)] for number in range(MASKS) if mask_piece(number) in masks]
        self.masks = tuple(known) if len(known) == MASKS else ()
        self._masks = {number: place for place, number in enumerate(self.masks)}
        own = [mark for mark in Mark if mark is not Mark.END]
        self.marks: dict[Mark, int] = {mark: self._pieces + 3 + number for number, mark in enumerate(own)}
        self.marks[Mark.END] = self.end
        self.own_marks = (self.padding, self.start, self.end, *(self.marks[mark] for mark in own), *self.masks)
        self.vocabulary_size: int = self._pieces + 3 + len(own)
        # Character models add no space before the first word.
        self.has_prefix = str(self._processor.normalize("a")).startswith(BLANK)
        self._has_tab = int(self._processor.piece_to_id(TAB)) != self.unknown
        self._spelt = [*spelt, "<padding>", "<start>", f"<{Mark.END.value}>", *(f"<{mark.value}>" for mark in own)]
        self._strings = {number: WRITTEN[mark] for mark, number in self.marks.items()}

    def __reduce__(self) -> tuple[type[Self], tuple[bytes]]:
        return type(self), (self._model,)

    def before(self, mark: Mark | None) -> int:
        """Return the id before the first piece of a text: the mark's id, or the start id without a mark."""
        return self.start if mark is None else self.marks[mark]

    def tag(self, name: str) -> int:
        """Return the id of a tag.

        Raises:
            UserError: If there is no such tag; the message names the existing ones.
        """
        if name not in self.tags:
            raise UserError(
                f"The model's vocabulary has no tag '{name}'. {nearest(name, self.tags)}Its tags: "
                f"{', '.join(self.tags) or 'none'}."
            )
        return self.tags[name]

    def encode(self, text: MaskedText) -> list[int]:
        """Return the ids of a text in its likeliest segmentation, without start and end token."""
        ids: list[int] = []
        for part in self._parts(text):
            if isinstance(part, str):
                ids += self._encode(part)
            else:
                ids.append(self._special(part))
        return ids

    def _special(self, part: Mark | Mask) -> int:
        return self.marks[part] if isinstance(part, Mark) else self.masks[part.number]

    def unknowns(self, text: MaskedText) -> list[str]:
        """Return the spellings of a text's unknown pieces, in order; words begin with sentencepiece's space."""
        parts = (part for part in self._parts(text) if isinstance(part, str))
        return [spelt for part in parts for token, spelt in self._apart(part) if token == self.unknown]

    def _encode(self, part: str) -> list[int]:
        """Return a string's ids; each unknown word, or unknown character in a word, becomes one unknown id."""
        ids: list[int] = self._processor.encode(part)
        return ids if self.unknown not in ids else [token for token, _ in self._apart(part)]

    def _apart(self, part: str) -> Iterator[tuple[int, str]]:
        """Yield each piece's id and spelling, with adjacent unknown words separated."""
        ids, spelt = self._processor.encode(part), self._processor.encode(part, out_type=str)
        for token, piece in zip(ids, spelt, strict=True):
            for spelling in _UNKNOWN.findall(piece) if token == self.unknown else (piece,):
                yield token, spelling

    def starts(self, text: MaskedText, ids: Sequence[int], spans: Sequence[str] = ()) -> "NDArray[np.int64]":
        """Return where each piece of a text begins, in characters of the text as `corpus.example.plain` returns it.

        A piece begins at its first character that is no blank, so blanks before a word belong to it. Pieces that spell
        one character by its bytes begin at that character, and a mark or mask begins at its own place.

        Args:
            text: The text.
            ids: Any segmentation of it, by `encode` or `sample`.
            spans: The text that each mask replaces.

        Returns:
            [N], never descending.
        """
        import numpy as np

        sizes = self._piece_sizes
        unknowns = iter(self.unknowns(text) if self.unknown in ids else ())
        starts = []
        begun = taken = 0  # characters before the current part, and pieces
        for part in self._parts(text):
            if not isinstance(part, str):
                starts.append(begun)
                begun += len(WRITTEN[part] if isinstance(part, Mark) else spans[part.number])
                taken += 1
                continue
            spelt, places = self._processor.normalize(part, with_offsets=True)
            # Where the first character other than a blank is, at or after each character of what the pieces spell.
            following = [len(part)] * (len(spelt) + 1)
            for place in range(len(spelt) - 1, -1, -1):
                following[place] = following[place + 1] if spelt[place] == BLANK else places[place]
            widths = None if spelt.isascii() else [len(character.encode()) for character in spelt]
            place = 0  # in characters of `spelt`
            left = 0  # bytes of the current character that further pieces spell
            while place < len(spelt) and taken < len(ids):
                token = ids[taken]
                taken += 1
                starts.append(begun + following[place])
                if token == self.unknown:
                    place += len(next(unknowns, " "))
                elif token in self._bytes:
                    left = (left or (1 if widths is None else widths[place])) - 1
                    place += left == 0
                else:
                    place += sizes[token]
            begun += len(part)
        return np.array(starts, np.int64)

    @cached_property
    def _piece_sizes(self) -> list[int]:
        """Number of characters that each piece spells."""
        return [len(piece) for piece in self._processor.id_to_piece(list(range(self._pieces)))]

    def sample(self, text: MaskedText, *, seed: int, alpha: float, alike: bool = False) -> list[int]:
        """Return the ids of a text in a randomly sampled segmentation.

        The result depends only on the model and the arguments, unlike sentencepiece's own sampling, which differs
        between processes even with the same seed.

        Args:
            text: Text to segment.
            seed: Any integer; only the lowest 64 bits are used.
            alpha: For BPE, the probability of omitting a merge (BPE-dropout, Provilkov et al. 2020); for unigram, the
                sharpness of the distribution (Kudo 2018; smaller is more random). 0 is the same as `encode`.
            alike: Whether a word has the same segmentation in all texts with this seed, so it can be copied.
        """
        if alpha == 0:
            return self.encode(text)
        if self._subwords is None:
            self._subwords = Subwords(self._processor)
        draws = Draws(seed)
        ids: list[int] = []
        for part in self._parts(text):
            if not isinstance(part, str):
                ids.append(self._special(part))
            elif alike:
                ids += self._subwords.redraw_alike(self._encode(part), alpha, seed)
            else:
                ids += self._subwords.redraw(self._encode(part), alpha, draws)
        return ids

    def decode(self, ids: Sequence[int], words: Sequence[str] = (), spans: Sequence[str] = ()) -> str:
        """Return the text of ids, with marks as in `corpus.example.plain` and without other special tokens.

        Args:
            ids: The ids.
            words: The spellings of ids above the vocabulary; see `seq2seq.tokenization.copy_table`.
            spans: The text of each mask; masks of a higher number have none.

        Raises:
            IndexError: If an id is outside the vocabulary and the words.
        """
        out: list[str] = []
        run: list[int] = []
        for token in [*map(int, ids), self.padding]:
            if token in self._masks:
                out += [self._joined(run, words), self.span(token, spans)]
                run = []
            elif 0 <= token < self._pieces or self.vocabulary_size <= token < self.vocabulary_size + len(words):
                run.append(token)
            elif self._pieces <= token < self.vocabulary_size:
                out.append(self._joined(run, words))
                out.append(self._strings.get(token, ""))
                run = []
            else:
                raise IndexError(f"id {token} is outside the vocabulary of {self.vocabulary_size}")
        return "".join(out)

    def is_mask(self, token: int) -> bool:
        """Return whether an id is a mask."""
        return token in self._masks

    def masks_in(self, ids: Sequence[int]) -> list[int]:
        """Return the numbers of the masks among some ids, in order of occurrence."""
        return [self._masks[token] for token in map(int, ids) if token in self._masks] if self.masks else []

    def span(self, token: int, spans: Sequence[str]) -> str:
        """Return the span that a mask stands for; '' if it is not one of those given."""
        number = self._masks[token]
        return spans[number] if number < len(spans) else ""

    def is_byte(self, token: int) -> bool:
        """Return whether an id is a byte piece."""
        return token in self._bytes

    @staticmethod
    def _restored(text: str) -> str:
        """Return a text with replaced characters restored."""
        return text.replace(STAND_IN, BLANK).replace(TAB, "\t")

    def _joined(self, run: list[int], words: Sequence[str]) -> str:
        """Return the text of ids without special tokens."""
        if not run or max(run) < self.vocabulary_size:
            return self._restored(str(self._processor.decode(run))) if run else ""
        surface = str(self._processor.decode([self.unknown]))
        spelt = [
            surface if token == self.unknown else piece
            for token, piece in zip(run, self.pieces(run, words), strict=True)
        ]
        text = "".join(spelt).replace(BLANK, " ")
        return self._restored(text.removeprefix(" ") if self.has_prefix else text)

    @cached_property
    def ids_by_piece(self) -> dict[str, int]:
        """Map from spelling to id for the model's pieces, without the unknown piece."""
        spelt = self._processor.id_to_piece(list(range(self._pieces)))
        return {piece: number for number, piece in enumerate(spelt) if number != self.unknown}

    def spelling(self, token: int) -> str:
        """Return the model's spelling of a piece; '' for the unknown piece and special tokens."""
        is_control = token in self._masks or token in self.tags.values()
        is_piece = 0 <= token < self._pieces and token != self.unknown and not is_control
        return str(self._processor.id_to_piece(token)) if is_piece else ""

    @cached_property
    def surfaces(self) -> list[bytes]:
        """UTF-8 that each id adds to a decoded text: one byte for a byte piece, and plain text for a mark.

        If the model `has_prefix`, the caller must drop the space at the start of a text and after a special token.
        """
        model = self._processor
        surfaces = []
        for number, piece in enumerate(model.id_to_piece(list(range(self._pieces)))):
            if self.is_byte(number):
                surfaces.append(bytes([int(piece[3:-1], 16)]))  # spelt <0x41>
            elif number == self.unknown or model.is_control(number):
                surfaces.append(str(model.decode([number])).encode())
            else:
                surfaces.append(self.written(piece).encode())
        special = range(self._pieces, self.vocabulary_size)
        return surfaces + [self._strings.get(number, "").encode() for number in special]

    @staticmethod
    def written(piece: str) -> str:
        """Return the plain text of a piece, given its spelling, or of a copied word."""
        return Tokenizer._restored(piece.replace(BLANK, " "))

    def pieces(self, ids: Sequence[int], words: Sequence[str] = (), spans: Sequence[str] = ()) -> list[str]:
        """Return the spelling of each id for tables and plots, with special tokens in angle brackets; see `decode`.

        A mask is spelled as its span.
        """
        spelt, size = self._spelt, self.vocabulary_size
        pieces = [spelt[token] if 0 <= token < size else words[token - size] for token in map(int, ids)]
        if not spans or not self._masks:
            return pieces
        return [
            (self.span(token, spans) if token in self._masks else "") or piece
            for token, piece in zip(map(int, ids), pieces, strict=True)
        ]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read any sentencepiece model file.

        Raises:
            UserError: If it is missing (suggests the nearest name), or if it is not a model.
        """
        path = Path(path)
        if not path.is_file():
            names = [child.name for child in path.parent.iterdir()] if path.parent.is_dir() else []
            raise UserError(f"No tokenizer model {path}. {nearest(path.name, names)}".strip())
        return cls(read_bytes(path, MODEL_BYTES), str(path))

    def save(self, path: Path) -> None:
        """Write the model file, which also determines the special ids."""
        Path(path).write_bytes(self._model)

    @property
    def serialized(self) -> bytes:
        """The serialised sentencepiece model."""
        return self._model

    def digest(self) -> str:
        """Return a hash of everything that determines the ids of a text."""
        return hashlib.sha256(b"specials 1\n" + self._model).hexdigest()

    def _parts(self, text: MaskedText) -> Iterator[str | Mark | Mask]:
        """Yield marks (including line breaks), masks, and the non-empty strings between them."""
        if isinstance(text, str):
            # Fast path for the common case: no mark, and nothing to replace.
            if text.isascii() and "\n" not in text and not (self._has_tab and "\t" in text):
                if text:
                    yield text
                return
            text = (text,)
        joined = ""
        for part in (*text, None):
            if isinstance(part, str):
                joined += part
                continue
            # Adjacent strings are joined, because otherwise each would begin with a space.
            joined = _UNSPEAKABLE.sub("\ufffd", joined).replace(BLANK, STAND_IN)
            joined = joined.replace("\t", TAB) if self._has_tab else joined
            for number, line in enumerate(joined.split("\n")):
                if number:
                    yield Mark.LINE
                if line:
                    yield line
            joined = ""
            if part is not None:
                yield part


def tag_piece(name: str) -> str:
    """Return the spelling of a tag's piece."""
    return f"<tag:{name}>"


def mask_piece(number: int) -> str:
    """Return the spelling of a mask's piece."""
    return f"<mask:{number}>"


@dataclass(frozen=True)
class Tokenizers:
    """The tokenizers of source and target, which may be the same object."""

    source: Tokenizer
    target: Tokenizer

    @property
    def joint(self) -> bool:
        """Whether source and target share one tokenizer."""
        return self.source is self.target

    def save(self, folder: Path) -> None:
        """Create or replace a folder with ``tokenizer.json`` and the model files (one if `joint`, else two).

        Raises:
            WorldError: If the disk is full or not writable; the old folder is unchanged.
        """
        digests = {name: tokenizer.digest() for name, tokenizer in self.by_name().items()}
        description = {"joint": self.joint, "digests": digests}

        def write(new: Path) -> None:
            for name, tokenizer in self.by_name().items():
                tokenizer.save(new / f"{name}.model")
            (new / "tokenizer.json").write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")

        try:
            replace_folder(folder, write)
        except OSError as fault:
            raise WorldError(f"The tokenizers could not be written to {folder}: {fault.strerror}.") from fault

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder written by `save`.

        Raises:
            UserError: If a file is missing or has changed since it was saved.
        """
        folder = Path(folder)
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise UserError(f"{folder} contains no tokenizer: its tokenizer.json is missing.")
        description = Fields(read_json(path), str(path))
        names = ["joint"] if description.get("joint", bool) else ["source", "target"]
        digests = description.get("digests", dict[str, str])
        loaded = [Tokenizer.load(folder / f"{name}.model") for name in names]
        for name, tokenizer in zip(names, loaded, strict=True):
            if digests.get(name) != tokenizer.digest():
                raise UserError(f"{folder / name}.model is not the file that was saved there: its checksum differs.")
        return cls(loaded[0], loaded[-1])

    def digest(self) -> str:
        """Return a hash of both tokenizers."""
        return hashlib.sha256(f"{self.source.digest()} {self.target.digest()}".encode()).hexdigest()

    def by_name(self) -> dict[str, Tokenizer]:
        """Return the distinct tokenizers: 'joint' alone, or 'source' and 'target'."""
        return {"joint": self.source} if self.joint else {"source": self.source, "target": self.target}


def require_masks(tokenizers: Tokenizers, name: str) -> None:
    """Check that tokenizers have masks, if data.reader.masks is true.

    Raises:
        UserError: If they have none; the message quotes `name`, their folder.
    """
    if not (tokenizers.source.masks and tokenizers.target.masks):
        raise UserError(
            f"The vocabulary in {name} has no masks, but data.reader.masks is true: use the vocabulary and the "
            "options of the same run."
        )
