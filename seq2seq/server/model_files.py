"""The state of a model's files, by which a server notices that they have changed."""

from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.models.bundle import find

Files = tuple[tuple[str, int, int, int], ...]


def state_of(folder: Path) -> Files:
    """Return name, size, time of change and inode of each file of a model.

    Args:
        folder: A run folder or a model folder.

    Raises:
        UserError: If there is no model.
    """
    found = find(folder)
    try:
        stats = [(path, path.stat()) for path in sorted(found.rglob("*")) if path.is_file()]
    except OSError as fault:
        raise UserError(f"{found} cannot be read: {fault.strerror}.") from fault
    return tuple((str(path.relative_to(found)), stat.st_size, stat.st_mtime_ns, stat.st_ino) for path, stat in stats)
