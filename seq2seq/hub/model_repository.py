"""Models on the Hugging Face Hub: ``hf:OWNER/NAME`` instead of a folder (the extra `hub`).

Only the files that a model consists of are transferred, all of which are data. A model that has been downloaded once is
used from the cache of huggingface-hub when the machine is offline.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError, WorldError

PREFIX = "hf:"
PARTS = ["config.json", "model.safetensors", "README.md", "tokenizer/*", "*.onnx", "*.npy"]
"""Names of the files of a model folder; the graphs and tables are those of models for ONNX Runtime."""


def is_hub(name: str) -> bool:
    """Return whether a name is one on the Hub."""
    return name.startswith(PREFIX)


def repository_of(name: str) -> tuple[str, str | None]:
    """Return the repository and the revision of ``hf:OWNER/NAME[@REVISION]``.

    Raises:
        UserError: If the name has another form.
    """
    repository, _, revision = name.removeprefix(PREFIX).partition("@")
    if repository.count("/") != 1 or not all(repository.split("/")):
        raise UserError(f"{name} is no model on the Hub: give hf:OWNER/NAME, or hf:OWNER/NAME@REVISION.")
    return repository, revision or None


def downloaded(name: str) -> Path:
    """Return the folder of a model, downloaded unless it is in the cache.

    Raises:
        UserError: If there is no such model or revision, or if huggingface-hub is not installed.
        WorldError: If it cannot be downloaded.
    """
    repository, revision = repository_of(name)
    hub = _library(name)
    with _explained(name, "downloaded"):
        folder = hub.snapshot_download(repository, revision=revision, allow_patterns=PARTS, endpoint=_endpoint())
    if not (Path(folder) / PARTS[0]).is_file():
        raise UserError(f"{name} is no model of seq2seq: it has no {PARTS[0]}.")
    return Path(folder)


def push(folder: Path, name: str, *, is_private: bool, message: str) -> str:
    """Upload a model folder, creating the repository if there is none, and return the address of the commit.

    Raises:
        UserError: If the name is not allowed, if nobody is logged in, or if huggingface-hub is not installed.
        WorldError: If it cannot be uploaded.
    """
    repository, revision = repository_of(name)
    hub = _library(name)
    api = hub.HfApi(endpoint=_endpoint(), library_name="lstm-seq2seq")
    with _explained(name, "uploaded"):
        api.create_repo(repository, private=is_private, exist_ok=True)
        done = api.upload_folder(
            repo_id=repository, revision=revision, folder_path=folder, allow_patterns=PARTS, commit_message=message
        )
    return str(done.commit_url)


def _endpoint() -> str | None:
    """Return the server; None for the public one."""
    return os.environ.get("HF_ENDPOINT") or None


def _library(name: str) -> Any:  # noqa: ANN401 - a module
    try:
        import huggingface_hub
    except ImportError as fault:
        raise UserError(f"{name} is on the Hub, which needs huggingface-hub: pip install huggingface-hub.") from fault
    return huggingface_hub


@contextmanager
def _explained(name: str, done: str) -> Iterator[None]:
    """Turn the library's errors into one sentence."""
    from huggingface_hub import errors

    repository, revision = repository_of(name)
    where = _endpoint() or "the Hugging Face Hub"
    try:
        yield
    except errors.HFValidationError as fault:
        raise UserError(f"{name} is no valid name on the Hub: {' '.join(str(fault).split())}") from fault
    except errors.RevisionNotFoundError as fault:
        raise UserError(f"{repository} on {where} has no revision '{revision}'.") from fault
    except errors.RepositoryNotFoundError as fault:
        raise UserError(
            f"{where} has no model {repository}, or it is private: check the name, or log in with hf auth login."
        ) from fault
    except errors.LocalEntryNotFoundError as fault:
        raise WorldError(
            f"{name} could not be {done}, because {where} cannot be reached, and it is not in the cache: give a model "
            "folder, or try again online."
        ) from fault
    except errors.HfHubHTTPError as fault:
        code = getattr(fault.response, "status_code", 0)
        if code in (401, 403):
            raise UserError(
                f"{name} could not be {done}: {where} does not allow it. Log in with hf auth login, or set HF_TOKEN."
            ) from fault
        raise WorldError(f"{name} could not be {done}: {where} answered with status {code}.") from fault
    except errors.HTTPError as fault:  # type: ignore[attr-defined] # the base class of its HTTP library
        raise WorldError(f"{name} could not be {done}, because {where} cannot be reached: try again online.") from fault
    except (OSError, RuntimeError, ValueError) as fault:
        raise WorldError(f"{name} could not be {done}: {' '.join(str(fault).split())}") from fault
