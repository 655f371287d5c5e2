"""One file for each verb of the command line: ``SUMMARY``, and ``main(arguments)`` that imports what it needs."""
