"""BLEU, chrF, TER, ROUGE, and their significance."""
