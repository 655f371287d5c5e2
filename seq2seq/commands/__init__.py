"""The subcommands, one module each with ``SUMMARY`` and ``main(arguments)``, imported only when used."""
