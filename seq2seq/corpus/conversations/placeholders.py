"""Texts that messengers write in place of what is not text: media, deleted messages, notices."""

import re

from seq2seq.corpus.conversations.message_log import DELETED, EMPTY, MEDIA
from seq2seq.corpus.conversations.message_times import INVISIBLE

_MARKS = re.compile(f"[{INVISIBLE}]")
# <Media omitted>, <Medien ausgeschlossen>, <Médias omis>, <Mídia oculta>, <省略多媒体文件>, <attached: photo.jpg>
_IN_BRACKETS = re.compile(r"<[^<>\n]{3,200}>")
# photo.jpg (file attached), photo.jpg (Datei angehängt), photo.jpg（文件附件）; a caption may follow in further lines
_ATTACHED = re.compile(
    r"\S[^\n]{0,200}\.(?:jpe?g|png|webp|gif|heic|mp4|mov|3gp|mkv|opus|ogg|oga|m4a|mp3|aac|amr|wav|pdf|docx?|xlsx?|pptx?|"
    r"txt|zip|vcf|apk)[ \u00a0]?[(（][^()（）\n]{3,40}[)）]",
    re.IGNORECASE,
)
# WeChat and QQ: [图片], [表情], [语音], [Photo], [Sticker]
_IN_SQUARES = re.compile(
    r"[\[【](?:图片|圖片|照片|表情|动画表情|语音|語音|视频|影片|文件|链接|位置|红包|转账|名片|贴图|小程序|音乐|聊天记录|"
    r"photo|picture|image|sticker|video|voice|audio|file|link|location|contact|gif)[^\[\]【】\n]{0,20}[\]】]",
    re.IGNORECASE,
)
_WORDS = frozenset({"null", "图片", "圖片"})
_DELETED = (
    "this message was deleted",
    "you deleted this message",
    "diese nachricht wurde gelöscht",
    "du hast diese nachricht gelöscht",
    "ce message a été supprimé",
    "vous avez supprimé ce message",
    "mensagem apagada",
    "essa mensagem foi apagada",
    "você apagou esta mensagem",
    "se eliminó este mensaje",
    "eliminaste este mensaje",
    "questo messaggio è stato eliminato",
    "hai eliminato questo messaggio",
    "dit bericht is verwijderd",
    "此消息已删除",
    "您删除了这条消息",
    "你删除了这条消息",
    "此訊息已刪除",
    "撤回了一条消息",
)
# <This message was edited>, <Diese Nachricht wurde bearbeitet.>, at the end of the text that was edited
_EDITED = re.compile(r"<[^<>\n]{5,80}>$")
# iOS marks what it adds to a text: a caption <U+200E><attached: photo.jpg>
_ADDED = re.compile("\u200e<[^<>\n]{3,200}>")
_IS_EDIT = re.compile(r"edit|bearbeitet|modifi|编辑|編輯|bewerkt|muokattu|изменен", re.IGNORECASE)


def words_of(text: str) -> tuple[str, str]:
    """Return what a person wrote in a message, and '' ; or '' and the kind of message that contains no text.

    A caption below an attached file is kept.
    """
    is_attached = bool(_ADDED.search(text))
    text = _MARKS.sub("", _ADDED.sub("", text)).strip()
    edited = _EDITED.search(text)
    if edited and _IS_EDIT.search(edited[0]):
        text = text[: edited.start()].rstrip()
    if not text:
        return "", MEDIA if is_attached else EMPTY
    if text.lower().rstrip(".。 ") in _DELETED or text.endswith("撤回了一条消息"):
        return "", DELETED
    lines = text.split("\n")
    kept = [line for line in lines if not _is_placeholder(line.strip())]
    caption = "\n".join(kept).strip()
    return (caption, "") if caption else ("", MEDIA)


def _is_placeholder(line: str) -> bool:
    if line.lower() in _WORDS:
        return True
    return any(pattern.fullmatch(line) for pattern in (_IN_BRACKETS, _ATTACHED, _IN_SQUARES))
