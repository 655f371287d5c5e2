"""Guesses the languages of a corpus from names and scripts."""

import re
from collections.abc import Iterable

# Two-letter codes of ISO 639-1, and three-letter codes (ISO 639-3) found in Chinese corpora.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu cmn yue wuu lzh"""
LANGUAGES = frozenset(_CODES.split())
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_UNSPACED = re.compile(  # Thai and Lao, Burmese, Khmer, Chinese and Japanese
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+"
)
_WITHOUT_SPACE = re.compile("[\u3001-\u303f\u3041-\u30ff\u3400-\u9fff\uff01-\uff65]")
"""Characters and punctuation of Chinese and Japanese."""
ONE_LANGUAGE = 0.9
"""Minimum fraction of a corpus's texts with Chinese, Japanese or Korean characters; a corpus below it is mixed."""


def language_of(name: str) -> str:
    """Guess the language from a file or field name (``train.en``, ``a.zh-CN.txt.gz``, ``en``); '' if it has none."""
    for part in reversed(name.split(".")):
        code = re.split("[-_]", part)[0].lower()
        if code in LANGUAGES and re.fullmatch(r"[a-z]{2,3}([-_](hans|hant|[a-z]{2}))?", part.lower()):
            return code
    return ""


def is_without_spaces(text: str) -> bool:
    """Return whether all characters of a text belong to scripts that put no spaces between words."""
    return bool(_UNSPACED.fullmatch(text))


def separator(before: str, after: str) -> str:
    """Return what separates two lines or sentences: nothing in Chinese and Japanese, otherwise a space.

    Nothing separates an empty text.
    """
    if not before or not after:
        return ""
    return "" if _WITHOUT_SPACE.match(before[-1]) and _WITHOUT_SPACE.match(after) else " "


def language_of_script(texts: Iterable[str]) -> str:
    """Guess the language from the script: 'zh', 'ja' or 'ko' if a third of the letters belong to it, else ''.

    No other language needs special treatment in scoring. If more than a tenth of the texts lack such characters, the
    corpus is mixed and has no single language.
    """
    lettered = [text for text in texts if any(map(str.isalpha, text))]
    unspaced = sum(bool(_HAN.search(text) or _KANA.search(text) or _HANGUL.search(text)) for text in lettered)
    if unspaced < ONE_LANGUAGE * len(lettered):
        return ""
    text = "".join(lettered)
    letters = sum(character.isalpha() for character in text)
    han, kana, hangul = (len(script.findall(text)) for script in (_HAN, _KANA, _HANGUL))
    if letters == 0 or (han + kana + hangul) * 3 < letters:
        return ""
    if hangul > han + kana:
        return "ko"
    return "ja" if kana * 10 > han else "zh"
