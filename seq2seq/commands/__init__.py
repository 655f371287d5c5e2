"""One file for each verb of the command line: ``SUMMARY``, and ``main(arguments)``, which imports its dependencies."""
