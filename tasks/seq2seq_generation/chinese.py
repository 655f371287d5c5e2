"""The generation plugin's words in Chinese; see `seq2seq.plugin.task.Task.phrases`."""

PHRASES = {
    "generation": "文本生成",
    "Generation": "文本生成",
}
