"""Random inputs for every verb and every kind of file: each must work, or end in one sentence.

An input is a command line, what comes on standard input, and files: valid ones that are damaged, and made-up ones.
It follows from the seed and its number alone. ``python -m tests.fuzz --count 10000`` runs many, and prints for each
violation how to repeat it: ``python -m tests.fuzz --seed 1 --only 417``.

==================  ================================================================================
`materials`         valid files of every kind, made once: models, runs, reports, corpora, options
`hostile`           values and texts that no program expects
`mutation`          damages a file: its bytes, its values, or the weights in it
`command_lines`     an input for a verb
`trial`             runs one input in a process of its own, with limits of time and memory
`verdict`           what is wrong with how it ended
==================  ================================================================================
"""
