"""The translation plugin's words in Chinese; see `seq2seq.plugin.task.Task.phrases`."""

PHRASES = {
    "translation": "翻译",
    "Translation": "翻译",
    "Translation {}": "翻译 {0}",
}
