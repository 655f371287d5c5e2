"""The reader of the sample conversations."""

from seq2seq_dialogue.reader import DialogueReader
from seq2seq_samples.dialogue.sample import TURNS

READER = DialogueReader(history_turns=TURNS[-1])
