"""``seq2seq cache``: show and clear the cache of training data."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError, nearest

if TYPE_CHECKING:
    from seq2seq.files.cache import Entry

SUMMARY = "show or clear the cache of prepared training data"
EPILOG = """
seq2seq fit keeps prepared data (text and tokens), so the next run with the same data starts immediately.
Without options, this command lists the cache. Every entry can be removed; it is prepared again when needed. Data in use
by a running training is never removed. When the cache exceeds its limit (20GB, or the environment variable
SEQ2SEQ_CACHE_SIZE, such as 500MB), fit removes the least recently used entries.
"""


def main(arguments: list[str]) -> int:
    """List the cache, or clear it."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.files import cache
    from seq2seq.files.atomic_folders import tidy

    parser = Parser("cache", f"Show or clear the cache of prepared training data: seq2seq cache [--clear]\n{EPILOG}")
    parser.add_argument("entries", metavar="ENTRY", nargs="*", help="with --clear: only these, by name")
    parser.add_argument("--clear", action="store_true", help="remove everything that is not in use")
    parser.add_argument(
        "--older_than", metavar="DAYS", type=float, help="with --clear: only entries unused for this many days"
    )
    parser.add_argument(
        "--cache_dir", metavar="FOLDER", help="a cache folder other than the default (--data.cache_dir of fit)"
    )
    options = parser.parse_args(arguments)
    if (options.entries or options.older_than is not None) and not options.clear:
        given = options.entries[0] if options.entries else "--older_than"
        raise UserError(f"{given} chooses what to remove: add --clear.")
    if options.older_than is not None and not options.older_than >= 0:
        raise UserError(f"--older_than is {options.older_than:g}, but it must be a number of days, at least 0.")
    folder = Path(options.cache_dir).expanduser() if options.cache_dir else cache.place()
    entries = cache.entries(folder)
    if not options.clear:
        print("\n".join(listed(folder, entries, cache.limit())))
        return 0
    names = {entry.path.name for entry in entries}
    for name in options.entries:
        if name not in names:
            raise UserError(f"The cache {folder} has no entry '{name}'. {nearest(name, names)}See seq2seq cache.")
    newest = time.time() - 86_400 * (options.older_than or 0)
    chosen = [
        entry
        for entry in entries
        if (not options.entries or entry.path.name in options.entries)
        and (options.older_than is None or entry.used <= newest)
    ]
    removed = [entry for entry in chosen if cache.remove(entry)]
    tidy(folder)
    size = sum(entry.size for entry in removed)
    print(f"Removed {amount(len(removed), 'entry', 'entries')}, {cache.written_size(size)}.")
    for entry in chosen:
        if entry not in removed:
            print(f"In use, kept: {entry.path.name}")
    return 0


def listed(folder: Path, entries: "list[Entry]", most: int) -> list[str]:
    """Return lines that list the cache; `most` is its limit in bytes."""
    from seq2seq.files.cache import written_size

    total = sum(entry.size for entry in entries)
    lines = [
        f"{folder}: {amount(len(entries), 'entry', 'entries')}, {written_size(total)} of at most {written_size(most)}"
    ]
    width = max((len(entry.path.name) for entry in entries), default=0)
    for entry in entries:
        used = time.strftime("%Y-%m-%d %H:%M", time.localtime(entry.used))
        state = "in use" if entry.is_open else f"last used {used}"
        lines.append(f"{entry.path.name:<{width}}  {written_size(entry.size):>8}  {state}")
    return lines
