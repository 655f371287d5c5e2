"""Decoding in a process of its own, so that it shares no interpreter with the HTTP server."""
