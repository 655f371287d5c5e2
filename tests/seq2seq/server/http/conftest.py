"""The same server as for the endpoints."""

from tests.seq2seq.server.endpoints.conftest import live, model_folder, server

__all__ = ["live", "model_folder", "server"]
