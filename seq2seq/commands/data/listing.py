"""What ``seq2seq data`` prints about corpora."""

from seq2seq.recipes.catalogue import Catalogue
from seq2seq.recipes.recipe import Recipe


def training(recipe: Recipe) -> list[str]:
    """Return the commands that train on a corpus."""
    options = (" ".join(f"-c {name}" for name in names.split()) for names in recipe.about.configs)
    return [f"seq2seq fit {recipe.about.task} {words}" for words in options]


def listing(known: Catalogue) -> list[str]:
    """Return one line per recipe; for a broken one it gives the cause."""
    rows = [("NAME", "TASK", "LANGUAGES", "SIZE", "LICENCE")]
    for name, recipe in known.recipes.items():
        about = recipe.about
        rows.append((name, about.task, " ".join(about.languages), about.size, about.licence.partition(";")[0]))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    return [*lines, *(f"broken: {cause}" for cause in known.broken.values())]


def described(recipe: Recipe) -> list[str]:
    """Return lines that describe a corpus."""
    about = recipe.about
    folder = f"data/{about.name}/processed"
    rows = [
        ("corpus", recipe.title),
        ("task", about.task),
        ("languages", " ".join(about.languages)),
        ("size", about.size),
        ("source", about.source),
        ("licence", about.licence),
        ("reads", recipe.accepted),
        ("writes", f"{folder}/: {', '.join(recipe.writes)}"),
        ("prepare", f"seq2seq data prepare {about.name} --from FOLDER"),
        ("", "--download: download the original files (untested)" if recipe.has_download else ""),
        ("", recipe.languages and f"--languages: {recipe.languages}"),
        *(("train", command) for command in training(recipe)),
    ]
    width = max(len(label) for label, _ in rows) + 2
    lines = [f"{label:<{width}}{value}" for label, value in rows if value]
    if recipe.checksums:
        longest = max(map(len, recipe.checksums))
        lines += ["", "SHA-256 of the text that docs/results.md was measured on:"]
        lines += [f"  {name:<{longest}}  {value}" for name, value in recipe.checksums.items()]
    return lines
