"""The verbs, one file each, imported only when used.

Each has ``SUMMARY`` and ``main(arguments)``.
"""
