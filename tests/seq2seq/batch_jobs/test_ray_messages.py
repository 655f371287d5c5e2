"""Faults that Ray reports, which needs no Ray."""

from seq2seq.batch_jobs.ray_cluster import cause_of

TRACEBACK = """ray::MapWorker.submit() (pid=1)
  File "x.py", line 3, in load
ZeroDivisionError: a defect

The above exception was the direct cause of the following exception:

ray.exceptions.UserCodeException: The function failed: see above.
To change retry attempts, configure it.
"""


def test_the_innermost_error_is_found() -> None:
    assert cause_of(TRACEBACK) == "ZeroDivisionError: a defect"
    assert cause_of("The node died.\n") == "The node died."
    assert cause_of("") == "no message"
