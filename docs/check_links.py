"""Check that every link in the documentation leads to a file, and every anchor to a heading (``make docs``)."""

import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)>\s]+)>?[^)]*\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$", re.MULTILINE)


def documents() -> list[Path]:
    """Return the Markdown files of the repository."""
    folders = (ROOT, *(ROOT / name for name in ("docs", "data", "benchmarks", "tasks")))
    return sorted({path for folder in folders for path in folder.glob("*.md" if folder == ROOT else "**/*.md")})


def anchors(text: str) -> set[str]:
    """Return the anchors of a document's headings, as GitHub generates them."""
    names: set[str] = set()
    for heading in HEADING.findall(CODE.sub("", text)):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
        name = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        names.add(next(anchor for anchor in (name, *(f"{name}-{n}" for n in range(1, 99))) if anchor not in names))
    return names


def faults(document: Path) -> list[str]:
    """Return a sentence for each broken link of a document."""
    broken = []
    text = document.read_text(encoding="utf-8")
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", CODE.sub("", text))):
        if re.match(r"[a-z]+:", link):
            continue  # external links are not checked
        name, _, anchor = unquote(link).partition("#")
        target = (document.parent / name).resolve() if name else document
        where = document.relative_to(ROOT)
        if not target.exists():
            broken.append(f"{where}: the link {link} leads to no file")
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            broken.append(f"{where}: the link {link} leads to no heading")
    return broken


def main() -> int:
    """Check all documents and print broken links; return 1 if there are any."""
    checked = documents()
    broken = [fault for document in checked for fault in faults(document)]
    print("\n".join(broken) or f"{len(checked)} documents: every link leads somewhere")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
