"""The frame of all HTML pages: self-contained, responsive, with dark mode."""

import base64
import hashlib
import re
from collections.abc import Callable
from html import escape
from importlib.resources import files

from seq2seq.safe_text import encodable

STYLE = """
:root {
  color-scheme: light;
  --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --muted: #5c6876; --line: #dfe3e8; --soft: #eef1f4;
  --series-0: #0f6f8c; --series-1: #c2571a; --heat: #0f6f8c; --mark: #fbe3c8; --note: #fff4dc; --note-line: #d99a1c;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    color-scheme: dark;
    --page: #11151a; --card: #191f26; --ink: #e4e9ee; --muted: #9aa7b4; --line: #303943; --soft: #222a32;
    --series-0: #4fb7d6; --series-1: #f0955a; --heat: #4fb7d6; --mark: #5a3d1e; --note: #2e2716; --note-line: #b98a2e;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body {
  margin: 0; background: var(--page); color: var(--ink); line-height: 1.55; font-size: 16px;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 0 20px 64px; }
header { padding: 36px 0 8px; }
h1 { margin: 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
header p { margin: 6px 0 0; color: var(--muted); overflow-wrap: anywhere; }
a { color: var(--series-0); text-decoration: none; }
a:hover, a:focus { text-decoration: underline; }
h2 { margin: 0 0 12px; font-size: 1.18rem; overflow-wrap: anywhere; }
h3 { margin: 22px 0 8px; font-size: 1rem; }
section, .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
section { padding: 20px 22px; margin-top: 18px; }
section > p { color: var(--muted); font-size: 0.92rem; max-width: 78ch; margin: 10px 0 0; }
.note { background: var(--note); border-left: 4px solid var(--note-line); border-radius: 4px; }
.note { padding: 10px 14px; margin: 14px 0 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.93rem; font-variant-numeric: tabular-nums; }
code, pre { font-size: 0.85em; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono CJK SC", monospace; }
code { overflow-wrap: anywhere; }
.empty { color: var(--muted); font-style: italic; }
footer { color: var(--muted); font-size: 0.86rem; margin-top: 22px; }
@media (max-width: 560px) {
  main { padding: 0 12px 40px; }
  header { padding-top: 22px; }
  h1 { font-size: 1.45rem; }
  section { padding: 15px 14px; }
  table { font-size: 0.84rem; }
}
"""
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def empty(say: Callable[[str], str] = str) -> str:
    """Return the translated placeholder for an empty text."""
    return f'<span class="empty">{text(say("(empty)"))}</span>'


def page(title: str, style: str, body: str, *, script: str = "", language: str = "en") -> str:
    """Return a whole page. It can run only the given script and cannot load anything.

    Args:
        title: The unescaped title.
        style: CSS in addition to `STYLE`.
        body: Content of ``main``, as HTML.
        script: JavaScript at the end of the page. The content security policy allows only its hash, so injected
            scripts do not run.
        language: Language code of the page.
    """
    allowed = f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{text(language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{text(title)}</title><style>{STYLE}{style}</style></head><body><main>{body}</main>"
        f"{f'<script>{script}</script>' if script else ''}</body></html>\n"
    )


def script(name: str) -> str:
    """Read a script of this package, such as ``report.js``."""
    return files("seq2seq.report.html").joinpath(name).read_text(encoding="utf-8")


def harmless(value: str) -> str:
    """Replace the control characters that HTML forbids."""
    return encodable(_CONTROLS.sub("\ufffd", value))


def text(value: str) -> str:
    """Escape a text for HTML, replacing forbidden control characters."""
    return escape(harmless(value))
