"""The application as a whole."""

import subprocess
import sys
from pathlib import Path

from tests.environments import REPOSITORY

CREATE = """
import sys
from pathlib import Path

from seq2seq.server.endpoints.application import application, service_of
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.service import Logging
from seq2seq.server.options import Limits
from seq2seq.server.served_models import ServedModels

service = service_of(ServedModels({}), Limits(), RequestLimits(), Path(sys.argv[1]), None, Logging())
assert application(service).routes
print(*sorted({"torch", "py3langid", "lightning", "onnxruntime", "sentencepiece"} & set(sys.modules)))
"""


def test_an_application_needs_neither_pytorch_nor_language_detection_to_be_created(tmp_path: Path) -> None:
    path = f"import sys; sys.path[:0] = {[str(REPOSITORY), str(REPOSITORY / 'tasks')]!r}\n"
    done = subprocess.run(
        [sys.executable, "-c", path + CREATE, str(tmp_path)], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""
