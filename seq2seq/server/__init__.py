"""A server: decoding together for many clients, models by name, and measurements."""
