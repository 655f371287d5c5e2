"""Damages a file: some of its bytes, a value in its JSON or YAML, or the header of its weights."""

import gzip
import io
import json
import random
import zlib
from pathlib import Path
from typing import Any

import torch
import yaml

from tests.fuzz import hostile

CANARY = "canary"
"""A file that appears in the working folder if something stored in a file was executed."""


class Executed:
    """Unpickled without care, it writes the canary."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        import os

        return os.system, (f"touch {CANARY}",)


YAML_CODE = f"!!python/object/apply:os.system ['touch {CANARY}']"
CLASSES = (
    {"class_path": "os.system", "init_args": {"command": f"touch {CANARY}"}},
    {"class_path": "subprocess.Popen", "init_args": {"args": ["touch", CANARY]}},
    {"class_path": "torch.hub.load", "init_args": {"repo_or_dir": ".", "model": "x", "source": "local"}},
    {"class_path": "lightning.pytorch.callbacks.LambdaCallback", "init_args": {"setup": "os.system"}},
)


def damage(path: Path, draw: random.Random) -> str:
    """Change a file.

    Args:
        path: The file.
        draw: Decides how.

    Returns:
        What was done, for people.
    """
    before = path.read_bytes()
    way = draw.random()
    if way < 0.05:
        after, done = hostile.content(draw), "replaced by text"
    elif way < 0.08:
        after, done = b"", "emptied"
    else:
        after, done = _by_kind(path, before, draw)
    path.write_bytes(after)
    return f"{path.name}: {done}"


def _by_kind(path: Path, before: bytes, draw: random.Random) -> tuple[bytes, str]:
    kind = path.suffix
    try:
        if draw.random() < 0.65:
            if kind == ".gz":
                return _packed(before, draw), "gz"
            if kind in (".json", ".jsonl"):
                return _json(before, draw), "JSON value"
            if kind in (".yaml", ".yml"):
                return _yaml(before, draw), "YAML value"
            if kind == ".safetensors":
                return _weights(before, draw), "header of weights"
            if kind == ".ckpt":
                return _checkpoint(before, draw), "value of checkpoint"
    except (ValueError, IndexError, RecursionError, OSError, EOFError, zlib.error, yaml.YAMLError, RuntimeError):
        pass  # it has been damaged before: by its bytes then
    return _bytes(before, draw), "bytes"


def _bytes(content: bytes, draw: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(draw.choice((1, 1, 2, 8))):
        place = draw.randint(0, len(made))
        way = draw.randrange(8)
        if way == 0:
            made[place : place + 1] = draw.randbytes(1)
        elif way == 1:
            made[place:place] = draw.randbytes(draw.choice((1, 4, 100)))
        elif way == 2:
            del made[place : place + draw.choice((1, 10, 1000))]
        elif way == 3:
            del made[place:]
        elif way == 4:
            made[place:place] = draw.choice((*hostile.ESCAPES, *hostile.BIDI, *hostile.ODD)).encode()
        elif way == 5:
            made[place:place] = made[place : place + 200] * draw.choice((1, 5, 50))
        elif way == 6:
            made[place:place] = draw.choice((b"\n", b"\t", b",", b'"', b"[" * 3000, b"{" * 70, b":", b"0" * 5000))
        else:
            made[place : place + 8] = draw.choice((b"\xff" * 8, b"\x00" * 8, b"\x80\x02" + b"\x00" * 6))
    return bytes(made)


def _changed(value: Any, draw: random.Random) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value with one part of it changed, dropped, added, or renamed."""
    if isinstance(value, dict) and value and draw.random() < 0.9:
        key = draw.choice(list(value))
        way = draw.random()
        changed = dict(value)
        if way < 0.75:
            changed[key] = _changed(value[key], draw)
        elif way < 0.85:
            del changed[key]
        elif way < 0.93:
            changed[hostile.text(draw, 3)] = hostile.value(draw)
        else:
            changed[f"{key}{hostile.text(draw, 1)}"] = changed.pop(key)
        return changed
    if isinstance(value, list) and value and draw.random() < 0.8:
        place = draw.randrange(len(value))
        return [*value[:place], _changed(value[place], draw), *value[place + draw.choice((0, 1, 1, 1)) :]]
    return hostile.value(draw)


def _json(content: bytes, draw: random.Random) -> bytes:
    lines = content.decode().splitlines()
    try:
        return json.dumps(_changed(json.loads(content), draw), ensure_ascii=draw.random() < 0.5).encode(
            "utf-8", "replace"
        )
    except ValueError:
        place = draw.randrange(len(lines))
        lines[place] = json.dumps(_changed(json.loads(lines[place]), draw))
        return "\n".join(lines).encode("utf-8", "replace")


def _yaml(content: bytes, draw: random.Random) -> bytes:
    if draw.random() < 0.15:
        return content + f"\n{draw.choice(('model', 'data', 'trainer', 'x'))}: {YAML_CODE}\n".encode()
    if draw.random() < 0.05:
        lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x]", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
        return "\n".join(lines).encode()
    values = _changed(yaml.safe_load(content), draw)
    return yaml.safe_dump(values, allow_unicode=True).encode("utf-8", "replace")


def with_classes(content: bytes, draw: random.Random) -> bytes:
    """Return a run's options with a class that writes the canary, which a run folder may not name."""
    values = yaml.safe_load(content)
    place = draw.choice(("callbacks", "logger", "strategy", "plugins", "profiler", "accelerator"))
    chosen = draw.choice(CLASSES)
    values["trainer"][place] = [chosen] if draw.random() < 0.5 else chosen
    return yaml.safe_dump(values).encode()


def _packed(content: bytes, draw: random.Random) -> bytes:
    way = draw.random()
    if way < 0.03:
        return gzip.compress(b"0" * 80_000_000, 1)
    if way < 0.06:
        return gzip.compress(b"0\n" * 40_000_000, 1)
    return gzip.compress(_bytes(gzip.decompress(content), draw), 1)


def _weights(content: bytes, draw: random.Random) -> bytes:
    length = int.from_bytes(content[:8], "little")
    if draw.random() < 0.2:
        return draw.choice((0, 1, 640, 2**31, 2**63, 2**64 - 1)).to_bytes(8, "little") + content[8:]
    if draw.random() < 0.3:  # NaN, infinite or huge weights
        place = 8 + length + 4 * draw.randrange(max(1, (len(content) - 8 - length) // 4 - 50))
        number = draw.choice((b"\xff\xff\xff\x7f", b"\x00\x00\x80\x7f", b"\xff\xff\x7f\x7f", b"\x01\x00\x00\x00"))
        return content[:place] + number * 40 + content[place + 160 :]
    header = json.dumps(_changed(json.loads(content[8 : 8 + length]), draw)).encode()
    return len(header).to_bytes(8, "little") + header + content[8 + length :]


def _checkpoint(content: bytes, draw: random.Random) -> bytes:
    values = torch.load(io.BytesIO(content), weights_only=True)
    way = draw.random()
    changed = Executed() if way < 0.1 else {**values, "seq2seq": Executed()} if way < 0.2 else _changed(values, draw)
    made = io.BytesIO()
    torch.save(changed, made)
    return made.getvalue()
