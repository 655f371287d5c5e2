"""Sample corpora for the bundled tasks, generated from seeded grammars."""
