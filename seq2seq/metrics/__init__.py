"""BLEU, chrF, TER, ROUGE, and significance tests."""
