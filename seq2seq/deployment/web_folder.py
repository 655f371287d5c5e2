"""Writes a folder with a page that computes a model in the browser.

::

    folder/
        index.html             the page
        *.js style.css         its views and its style (`seq2seq/page`)
        offline/               what only this page needs: loading the model, keeping it for use without a connection
        contents.js            the files to load, with sizes and checksums
        engine/                tokenizer, network and search in JavaScript
        runtime/               ONNX Runtime for WebAssembly, and its licences
        model/                 the model (`seq2seq.deployment.web_model`)
        README.md              how to publish the folder

Any server of static files can deliver it. A page that was loaded once also works without a connection: its service
worker keeps all files, until the server has others.
"""

import base64
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from seq2seq.corpus.example import Example
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import ShortlistTable
from seq2seq.deployment.web_model import write_web_model
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.models.bundle_config import ExportCheck
from seq2seq.runtime.placement import Placement

RUNTIME_PACKAGE = "seq2seq_web_runtime"
RUNTIME_FILES = ("onnxruntime.js", "onnxruntime.wasm", "LICENSE", "ThirdPartyNotices.txt")
OFFLINE, SERVED = "offline", "served"
"""Folders of the page: what only an exported page needs, and what only the page of a server needs."""
AT_THE_TOP = ("index.html", "service_worker.js")
"""Files of the offline page that a folder holds at its top: a service worker serves what lies beside and below it."""
STYLE, CONTENTS = "style.css", "contents.js"
SCRIPTS = (CONTENTS, "service_worker.js")
"""Scripts that are no modules."""
NOT_LOADED = (*SCRIPTS, "README.md", "LICENSE", "ThirdPartyNotices.txt")
"""Names of files that the page does not load, or that the browser checks itself."""
README = """# {title}

A page that computes the model in the browser. Nothing that is typed leaves the device, and after the first visit the
page works without a connection. To try it:

```
python3 -m http.server
```

Run this in the folder, and open http://localhost:8000. To publish it, copy the folder to any server of static files.
The server must use HTTPS: without it, browsers do not keep a page for use without a connection.

`runtime/` is [ONNX Runtime](https://onnxruntime.ai); its licences are beside it.
"""


def runtime_folder() -> Path:
    """Return the folder with ONNX Runtime for browsers.

    Raises:
        UserError: If it is not installed.
    """
    spec = find_spec(RUNTIME_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places or not all((Path(places[0]) / name).is_file() for name in RUNTIME_FILES):
        raise UserError(
            "--format web needs ONNX Runtime for browsers: pip install 'lstm-seq2seq[web]' or, in a checkout, make web."
        )
    return Path(places[0])


def write_web(
    folder: Path,
    loaded: Bundle,
    precision: str,
    examples: Sequence[Example],
    style: str,
    shortlist: ShortlistTable | None = None,
) -> ExportCheck:
    """Write the folder.

    Args:
        folder: A new or empty folder.
        loaded: The model for PyTorch.
        precision: 'int8' or 'float32'.
        examples: Validation examples, with which the exported graphs are compared.
        style: The base style of all pages, as CSS.
        shortlist: The model's shortlist, if it is to have one.

    Returns:
        The comparison.

    Raises:
        UserError: If ONNX Runtime for browsers is not installed, or if the page cannot compute the model.
        WorldError: If the disk is full or not writable.
    """
    runtime = runtime_folder()
    with tempfile.TemporaryDirectory() as place:
        graphs = Path(place) / "model"
        comparison = write_onnx(graphs, loaded, precision, examples, shortlist)
        exported = bundle.load(graphs, Placement(engine="onnx"))

        def write(new: Path) -> None:
            with as_file(files("seq2seq") / "page") as page:
                shutil.copytree(page, new, ignore=shutil.ignore_patterns(SERVED), dirs_exist_ok=True)
            for name in AT_THE_TOP:
                (new / OFFLINE / name).rename(new / name)
            _append_style(new / STYLE, style)
            (new / "runtime").mkdir()
            for name in RUNTIME_FILES:
                shutil.copyfile(runtime / name, new / "runtime" / name)
            (new / "model").mkdir()
            write_web_model(new / "model", exported)
            title = f"{loaded.task.summary} ({loaded.config.languages})".replace(" ()", "")
            (new / "README.md").write_text(README.format(title=title), encoding="utf-8")
            _name_modules(new)
            (new / CONTENTS).write_text(contents(new), encoding="utf-8")

        bundle.put(folder.resolve(), write)
    return comparison


def _append_style(path: Path, base: str) -> None:
    """Put the base style before the page's own."""
    path.write_text(f"{base}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")


def _name_modules(folder: Path) -> None:
    """Name all modules in the page, so that the browser fetches them at once instead of one import after another."""
    names = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.js"))]
    links = "".join(f'<link rel="modulepreload" href="{name}">\n' for name in names if name not in SCRIPTS)
    page = folder / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</head>", f"{links}</head>"), encoding="utf-8")


def contents(folder: Path) -> str:
    """Return a script with the sizes and checksums of the files that the page loads.

    The page's cache has a name that changes with the content of any file. Pages in different folders of the same server
    have different caches: the browser inserts the path of the page.
    """
    sizes = {
        path.relative_to(folder).as_posix(): {"size": len(content), "integrity": integrity(content)}
        for path, content in _loaded_files(folder)
    }
    listing = json.dumps(sizes, indent=1, ensure_ascii=False)
    version = hashlib.sha256(listing.encode()).hexdigest()[:16]
    return (
        "// Written by seq2seq export; the page and its service worker read it.\n"
        'self.CONTENTS = { family: `seq2seq ${new URL("./", self.location.href).pathname} `, '
        f'version: "{version}", files: {listing} }};\n'
    )


def integrity(content: bytes) -> str:
    """Return a checksum as browsers verify it (Subresource Integrity)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def _loaded_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in NOT_LOADED:
            yield path, path.read_bytes()
