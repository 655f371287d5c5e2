"""API keys: a file holds their hashes, so that reading it gives nobody a key.

Each line of the file has the SHA-256 hash of a key in hexadecimal digits, a space, and a name for the access log. A key
has 256 random bits, so that its hash needs no salt and no slow function: those protect passwords that can be guessed.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from seq2seq.errors import UserError, WorldError
from seq2seq.files.parsing import read_text

PREFIX = "s2s-"
"""Beginning of every key, by which programs that look for leaked keys can tell one."""
_LINE = re.compile(r"([0-9a-f]{64})(?:\s+(\S.*))?")


class ApiKeys:
    """The keys that a server accepts.

    Args:
        names: The name of each key by its hash.
    """

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names

    @classmethod
    def read(cls, path: Path) -> "ApiKeys":
        """Read a file of hashes; empty lines and those that begin with # are skipped.

        Raises:
            UserError: If the file cannot be read, if a line is no hash, or if there is none.
        """
        if not path.exists():
            raise UserError(f"There is no file {path} of API keys: make it with seq2seq serve --new_key {path}.")
        names = {}
        for number, line in enumerate(read_text(path).splitlines(), 1):
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            match = _LINE.fullmatch(text)
            if match is None:
                raise UserError(
                    f"{path}:{number} is not the SHA-256 hash of a key, followed by a name: name another file, or "
                    "delete the line. seq2seq serve --new_key FILE makes a key and adds its hash to a file."
                )
            names[match[1]] = match[2] or f"key {number}"
        if not names:
            raise UserError(
                f"{path} has no key, so nobody could use the server: make one with seq2seq serve --new_key {path}."
            )
        return cls(names)

    def name_of(self, key: str) -> str | None:
        """Return the name of a key; None if it is not accepted. The time taken does not depend on the key's content."""
        given = hashed(key)
        found = None
        for stored, name in self._names.items():
            if hmac.compare_digest(stored, given):
                found = name
        return found


def hashed(key: str) -> str:
    """Return the hash that is stored for a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def new_key(path: Path, name: str) -> str:
    """Make a key, add its hash to a file that only its owner can read, and return the key.

    Raises:
        UserError: If the file holds anything else.
        WorldError: If the file cannot be written.
    """
    if path.exists() and path.stat().st_size:
        ApiKeys.read(path)
    key = PREFIX + secrets.token_urlsafe(32)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{hashed(key)} {name}\n")
    except OSError as fault:
        raise WorldError(f"{path} could not be written: {fault.strerror}.") from fault
    return key
