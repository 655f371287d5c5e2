"""Keeps ONNX Runtime from reporting its use.

The official builds of newer versions (1.32 is one) send events to Microsoft and keep an identifier of the device in the
user's cache folder, unless the environment variable ``ORT_DISABLE_TELEMETRY`` is set before the library is imported.
Users of a model expect that nothing leaves their machine.
"""

import os

VARIABLE = "ORT_DISABLE_TELEMETRY"


def disable() -> None:
    """Disable the reports of an ONNX Runtime that is imported later; a value set by the user is kept."""
    os.environ.setdefault(VARIABLE, "1")
