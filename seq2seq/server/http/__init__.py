"""HTTP: requests, answers, limits, keys, logs and processes, whatever the endpoints are."""
