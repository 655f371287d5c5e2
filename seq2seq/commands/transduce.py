"""The verbs of tasks with sources (``translate``, ``summarize``, ...): print an output for each source, in order.

Output for each source:

====================  ====================================================================
no option             ``text``
``--scores``          ``text ||| score``
``--alignments``      ``text ||| 0-0 1-1 ...`` (after the score with ``--scores``)
``--nbest N``         up to N lines, each ``index ||| text ||| score``; the index counts sources from 0
``--sample``          as above, but sampled; ``--nbest N`` prints N samples, or the N best if candidates are ranked
``--json``            ``{"index": 0, "place": "FILE:LINE", "output": "text", "score": -0.1}``
====================  ====================================================================

Line breaks in outputs are printed as spaces so that lines stay aligned; ``--json`` keeps them.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from seq2seq.command_line.attention_file import Weights
    from seq2seq.command_line.outputs import Destination
    from seq2seq.command_line.progress import SourceProgress
    from seq2seq.corpus.example import Example
    from seq2seq.decoding.output import Output
    from seq2seq.models.bundle_config import BundleConfig

EPILOG = """
INPUT is a file with a source in each line, a .jsonl file with one in each object, or a folder with one in each .txt
file (in the order of their names, line breaks kept); with --document every file is one source. One output line for
each source, in order, also for empty ones. With --scores or --alignments the line is
  TEXT ||| SCORE ||| 0-0 1-1 ...      (i-j: piece i of the source has the most attention for piece j of the output)
and with --nbest N each source gives up to N lines, with the source's number from 0 in front:
  INDEX ||| TEXT ||| SCORE
A translator writes documents in their own format: .po, .xlf, .tmx, .srt, .vtt, .ass, .html, .md, .docx, .json and
.properties. It translates the texts of .po, .xlf and .tmx that have no finished translation, and marks the new ones.
"""


def main(arguments: list[str], verb: str) -> int:
    """Apply a model to files, folders or standard input."""
    from seq2seq.batch_jobs.command import SOURCES, is_batch_job, run
    from seq2seq.command_line.arguments import counted
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, reverse_of, say_of_glossary
    from seq2seq.command_line.document_files import documents_among
    from seq2seq.command_line.inputs import Inputs
    from seq2seq.command_line.open_model import load_source_model, of_verb, placement_of
    from seq2seq.command_line.outputs import Folder, Form, Stream, require_folder
    from seq2seq.command_line.places import require_apart
    from seq2seq.command_line.progress import SourceProgress
    from seq2seq.corpus.formats.documents import documents
    from seq2seq.corpus.truncation import Truncation
    from seq2seq.decoding.options import MOST_CANDIDATES
    from seq2seq.files.atomic_files import write_atomically
    from seq2seq.files.atomic_folders import tidy
    from seq2seq.repl.screen import is_terminal

    options = parser(verb).parse_intermixed_args(arguments)  # allows files between options
    if is_batch_job(options):
        options.verb = verb
        return run(options, [verb, *arguments], SOURCES)
    folder, config, task = of_verb(options.model, verb)
    if options.interactive:
        require_only_talk(options)
    # A reverse model's sources are in the target column.
    field = options.source_field or (config.reader.target_field if config.reader.reverse else "")
    reader = replace(config.reader, source_field=field) if field else config.reader
    if documents_among(options, reader, is_translator=task.decoding.by_sentence):
        return translate_files(options, folder, config)
    inputs = Inputs(options.files, reader, is_document=options.document)
    inputs.check()
    form = Form(options.nbest is not None, options.scores, options.alignments, options.json)
    output_folder = require_folder(options.output, options.files, form) if options.output and inputs.folders else None
    count = 1 if options.nbest is None else options.nbest
    counted("--nbest", count, MOST_CANDIDATES)
    decoding = decoding_of(options, config, count)
    say_of_glossary(decoding)
    reverse_folder, companions = reverse_of(options, config), companions_of(options)
    if options.attention:
        from seq2seq.command_line.attention_file import require_drawable

        require_drawable(Path(options.attention), config.network.attention)
    written = {"--output": [Path(options.output)] if options.output else []}
    if output_folder:
        written["--output"] = [output_folder / document.name for document in documents(inputs.folders[0])]
    written["--attention"] = [Path(options.attention)] if options.attention else []
    models = [folder, reverse_folder, *companions.folders]
    require_apart(written, [*options.files, options.banned_file, options.glossary], models)
    for places in written.values():
        if places:
            tidy(places[0].parent, [place.name for place in places])
    if options.interactive and is_terminal():
        from seq2seq.repl.loop import talk
        from seq2seq.sessions.background_loading import in_background
        from seq2seq.sessions.session import begin

        loading = in_background(folder, placement_of(options), reverse_folder, companions)
        session = begin(task, config, loading.model, loading.reverse, decoding)
        talk(session, config, loading, options.model, is_kept=not options.no_history)
        return 0

    from seq2seq.command_line.lost_spans import LostSpans
    from seq2seq.decoding.phrases.required_terms import TermStatistics
    from seq2seq.models.introduction import sureness
    from seq2seq.models.lengths import LongSources
    from seq2seq.models.unknown_characters import UnknownCharacters
    from seq2seq.repl.opening import doubts, say_for
    from seq2seq.safe_text import in_line

    model = load_source_model(folder, placement_of(options), companions)
    model = model if options.tag is None else model.tagged(options.tag)
    reverse = load_source_model(reverse_folder, placement_of(options).of_others) if reverse_folder else None
    truncation, long = Truncation(model.reader.max_source_pieces), LongSources(config.lengths)
    unknown, terms, lost = UnknownCharacters(model.tokenizers.source), TermStatistics(), LostSpans()
    limit = config.introduction.doubtful_below(is_drawn=decoding.sampling is not None)
    doubtful: list[str] = []  # positions of sources with doubtful outputs
    is_typed = "-" in inputs.files and sys.stdin.isatty()
    is_read = not options.output and sys.stdout.isatty()
    progress = SourceProgress(is_wanted=sys.stderr.isatty() and not is_typed and not is_read)

    def outputs(texts: "list[str | Example]", first: int) -> "list[list[Output]]":
        prefixes = [options.prefix] * len(texts) if options.prefix else None
        wanted = bool(options.alignments or options.attention)
        return model.decode(
            texts,
            decoding,
            reverse=reverse,
            first=first,
            prefixes=prefixes,
            attention=wanted,
            split=False if options.no_split else None,
            watch=progress.step,
        )

    def write(place: "Destination", weights: "Weights | None") -> None:
        index = 0
        for chunk in inputs:
            for given, candidates in zip(chunk, outputs([source.text for source in chunk], index), strict=True):
                first = candidates[0]
                truncation.count(len(first.source_pieces) + first.lost, first.lost, given.place)
                terms.add(first.required, first.missed, given.place)
                lost.add(first.lost_spans, given.place)
                long.add(max(len(part.source_pieces) + part.lost for part in first.parts or (first,)), given.place)
                if limit is not None and first.pieces and sureness(first) < limit:
                    doubtful.append(given.place)
                unknown.add(model.source_of(given.text), given.place)
                place.put(index, given, candidates)
                if weights:
                    for output in candidates:
                        weights.put(index, given.place, output)
                index += 1
            place.flush()
            progress.show(index)
        if weights:
            weights.finish()
        progress.end()

    def write_both(place: "Destination") -> None:
        if options.attention:
            from seq2seq.command_line.attention_file import weights_to

            path = Path(options.attention)
            write_atomically(path, lambda file: write(place, weights_to(path, file)))
        else:
            write(place, None)

    try:
        if output_folder:
            write_both(Folder(output_folder))
        elif options.output:
            write_atomically(Path(options.output), lambda file: write_both(Stream(file, form)))
        else:
            write_both(Stream(sys.stdout.buffer, form))
    finally:
        about_terms = in_line(terms.sentence()) if decoding.requires_terms else ""
        about_texts = (in_line(unknown.sentence()), in_line(lost.sentence()), about_terms)
        for note in filter(None, (truncation.sentence(), long.sentence(), *about_texts)):
            print(note, file=sys.stderr)
        if doubtful and sys.stderr.isatty() and sys.stdout.isatty():
            print(say_for(config, task)(doubts(doubtful)), file=sys.stderr)
    return 0


def translate_files(options: "argparse.Namespace", folder: Path, config: "BundleConfig") -> int:
    """Translate documents and translation files, each into its own format."""
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, reverse_of, say_of_glossary
    from seq2seq.command_line.document_files import outputs_of, translate_documents
    from seq2seq.command_line.open_model import load_source_model, placement_of
    from seq2seq.decoding.phrases.required_terms import TermStatistics
    from seq2seq.safe_text import in_line

    decoding = decoding_of(options, config, 1)
    say_of_glossary(decoding)
    reverse_folder, companions = reverse_of(options, config), companions_of(options)
    places = outputs_of(options, [folder, reverse_folder, *companions.folders])
    model = load_source_model(folder, placement_of(options), companions)
    model = model if options.tag is None else model.tagged(options.tag)
    reverse = load_source_model(reverse_folder, placement_of(options).of_others) if reverse_folder else None

    def decode(texts: "Sequence[str]", first: int, progress: "SourceProgress") -> list[str]:
        found = model.decode(
            texts,
            decoding,
            reverse=reverse,
            first=first,
            split=False if options.no_split else None,
            watch=progress.step,
        )
        for text, (best, *_) in zip(texts, found, strict=True):
            terms.add(best.required, best.missed, f"'{text}'")
        return [outputs[0].text for outputs in found]

    terms = TermStatistics()
    translate_documents(options, model.reader, places, decode)
    if decoding.requires_terms:
        print(in_line(terms.sentence()), file=sys.stderr)
    return 0


def require_only_talk(options: "argparse.Namespace") -> None:
    """Reject options that do not apply to interactive sessions.

    Raises:
        UserError: If there is one; the message names it.
    """
    others = (
        "document",
        "source_field",
        "output",
        "json",
        "nbest",
        "scores",
        "alignments",
        "attention",
        "prefix",
        "no_split",
        "tag",
        "glossary",
    )
    wrong = [f"--{name}" for name in others if getattr(options, name)] + options.files
    if wrong:
        raise UserError(f"--interactive is for typing and reading at a terminal: leave out {' and '.join(wrong)}.")


def parser(verb: str) -> "argparse.ArgumentParser":
    """Return the verb's parser."""
    from seq2seq.batch_jobs.command import add_batch_job
    from seq2seq.command_line.arguments import Parser
    from seq2seq.command_line.decoding_options import add_decoding
    from seq2seq.command_line.open_model import add_placement

    command = Parser(verb, f"{verb.capitalize()} text: seq2seq {verb} MODEL [INPUT ...] > OUTPUT\n{EPILOG}")
    command.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    command.add_argument(
        "files",
        metavar="INPUT",
        nargs="*",
        default=[],
        help="files, .gz too, or folders; without one, standard input",
    )
    command.add_argument(
        "--interactive",
        action="store_true",
        help="at a terminal: type a source, read its output while it is written, /help for more; no effect elsewhere",
    )
    command.add_argument("--no_history", action="store_true", help="with --interactive: keep no history of typed lines")
    command.add_argument(
        "--document", action="store_true", help="treat each file, or standard input, as a single source"
    )
    command.add_argument(
        "--source_field", metavar="NAME", help="key of the sources in .jsonl files (default: as trained)"
    )
    command.add_argument(
        "-o",
        "--output",
        metavar="PATH",
        help="write to this file, whole or not at all, instead of standard output; for a folder of documents a folder, "
        "which gets a file of the same name for each",
    )
    command.add_argument(
        "--all",
        action="store_true",
        help="of translation files (.po, .xlf, .tmx): also translate texts that have a finished translation",
    )
    command.add_argument(
        "--source_language",
        metavar="CODE",
        help="of translation files and glossaries (.tmx, .tbx): the language of the sources (default: as trained)",
    )
    command.add_argument(
        "--target_language", metavar="CODE", help="of such files: the language of the translations, likewise"
    )
    command.add_argument("--json", action="store_true", help="print a JSON object for each output; keeps line breaks")
    command.add_argument("--nbest", metavar="N", type=int, help="print the N best outputs of each source")
    command.add_argument(
        "--scores",
        action="store_true",
        help="print the score of each output: its log probability, with the length penalty unless sampled",
    )
    command.add_argument(
        "--alignments", action="store_true", help="print which source piece belongs to which output piece"
    )
    command.add_argument(
        "--attention",
        metavar="FILE",
        help="write pieces and attention weights, a JSON object per output; to .html or .svg, draw them",
    )
    command.add_argument("--prefix", metavar="TEXT", help="every output begins with this text")
    command.add_argument(
        "--no_split",
        action="store_true",
        help="do not split sources into sentences; by default a translator translates sentence by sentence",
    )
    command.add_argument("--tag", metavar="NAME", help="the tag before each source, if the model was trained with tags")
    add_batch_job(command)
    add_placement(command)
    add_decoding(command)
    return command
