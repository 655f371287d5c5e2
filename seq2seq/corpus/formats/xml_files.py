"""Parsing of XML with lxml, from which nothing is fetched and in which no entity is expanded."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError

EXTRA = 'pip install "lstm-seq2seq[formats]"'


def is_installed(package: str) -> bool:
    """Return whether a package can be imported."""
    return find_spec(package) is not None


def require_extra(package: str, file: str) -> None:
    """Check that a package of the extra `formats` is installed.

    Raises:
        UserError: If it is not; the message gives the command that installs it.
    """
    if not is_installed(package):
        raise UserError(f"{file} needs a library for its format, which is not installed: {EXTRA}")


def parsed(content: bytes, name: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the tree of an XML document.

    Raises:
        UserError: If lxml is missing, or if the document is not well-formed.
    """
    require_extra("lxml", name)
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    try:
        return etree.fromstring(content, parser).getroottree()
    except etree.XMLSyntaxError as fault:
        raise malformed(name, fault) from fault


def malformed(name: str | Path, fault: Exception) -> UserError:
    """Return the error for a document that is not well-formed."""
    return UserError(f"{name} is not well-formed XML: {fault}.")


def local(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return the name of an element without its namespace; '' for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def is_comment(element: Any) -> bool:  # noqa: ANN401 - lxml has no types
    """Return whether what has the place of an element is a comment."""
    from lxml import etree

    return element.tag is etree.Comment


def written(tree: Any) -> bytes:  # noqa: ANN401 - lxml has no types
    """Return an XML document in its own encoding, with an XML declaration."""
    from lxml import etree

    encoding = tree.docinfo.encoding or "UTF-8"
    declared = f'<?xml version="{tree.docinfo.xml_version or "1.0"}" encoding="{encoding}"'
    declared += ' standalone="yes"?>\n' if tree.docinfo.standalone else "?>\n"
    # lxml writes its own declaration for UTF-16, with a byte order mark.
    if encoding.upper().startswith("UTF-16"):
        return bytes(etree.tostring(tree, encoding=encoding, xml_declaration=True))
    return declared.encode("ascii") + bytes(etree.tostring(tree, encoding=encoding, xml_declaration=False)) + b"\n"
