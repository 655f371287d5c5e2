"""``seq2seq score MODEL SOURCE TARGET``: how likely given outputs are."""

import math
import sys
from itertools import islice
from pathlib import Path

SUMMARY = "give the log probability of given outputs"
EPILOG = """
One line for each pair, tab-separated: the natural logarithm of the target's probability, its tokens (pieces and end
mark), and the logarithm per token. Totals go to standard error.
"""


def main(arguments: list[str]) -> int:
    """Print a line for each pair of lines."""
    from seq2seq import files
    from seq2seq.bundle import find
    from seq2seq.commands.arguments import Parser
    from seq2seq.commands.lines import CHUNK_LINES

    parser = Parser("score", f"Score given outputs: seq2seq score MODEL SOURCE TARGET\n{EPILOG}")
    parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    parser.add_argument("source", metavar="SOURCE", help="file of sources, .gz too")
    parser.add_argument("target", metavar="TARGET", help="file of outputs, a line for each source")
    parser.add_argument("--threads", metavar="N", type=int, help="processor threads (default: PyTorch's choice)")
    parser.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    typed = parser.parse_args(arguments)
    folder = find(typed.model)
    paths = Path(typed.source), Path(typed.target)
    for _ in files.aligned(*paths, "source", "target"):
        pass  # every fault of the files, before the first score

    from seq2seq.allocator import keep_freed_memory
    from seq2seq.model import load
    from seq2seq.truncation import Truncation

    keep_freed_memory()
    model = load(folder, threads=typed.threads, device=typed.device)
    pairs = ((fields["source"], fields["target"]) for _, fields in files.aligned(*paths, "source", "target"))
    total, tokens, characters, count = 0.0, 0, 0, 0
    truncation = Truncation(model.reader.max_source_pieces)
    while chunk := list(islice(pairs, CHUNK_LINES)):
        for pair in model.score([source for source, _ in chunk], [target for _, target in chunk]):
            print(f"{pair.log_probability:.4f}\t{pair.tokens}\t{pair.log_probability / pair.tokens:.4f}")
            total += pair.log_probability
            tokens += pair.tokens
            characters += pair.characters
            count += 1
            truncation.count(pair.source_pieces + pair.lost, pair.lost, f"{typed.source}:{count}")
    if truncation.cut:
        print(truncation.sentence(), file=sys.stderr)
    print(
        f"{count:,} pairs, {tokens:,} tokens, {characters:,} characters: log probability {total:.2f}, "
        f"{-total / tokens:.4f} nats per token (perplexity {math.exp(min(-total / tokens, 700)):.2f}), "
        f"{-total / max(1, characters):.4f} nats per character",
        file=sys.stderr,
    )
    return 0
