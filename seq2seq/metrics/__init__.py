"""Scores of outputs: BLEU, chrF, TER, ROUGE, significance; sentences and longest copies."""
