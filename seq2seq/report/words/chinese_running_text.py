"""The words of a report on running text in Chinese; see `seq2seq.report.words.language`."""

TEXT_PHRASES: dict[str, str] = {
    "different pairs of words": "互不相同的二元组",
    "longest copied run": "与训练文本相同的最长片段",
    "reference text: {#}": "参考文本：{0}",
    "reference text": "参考文本",
    "State carried and random windows": "连续读取与随机窗口",
    "read": "读取方式",
    "nats per character": "每字符损失（奈特）",
    "state carried": "状态延续",
    "{#} random windows of {#} tokens": "{0} 个随机窗口，每个 {1} 词元",
    (
        "Each window is read with only the preceding piece as context, the way models with a limited context are "
        "measured. The loss per character is the loss per token times the number of tokens per character in the "
        "whole text."
    ): (
        "每个窗口只以它前面的一个词元为上文，与一次只能读这么长的模型的测法相同。"
        "窗口的每字符损失等于每词元损失乘以全文的每字符词元数。"
    ),
    "Samples compared with the reference text": "样本与参考文本对照",
    "samples": "样本",
    "distinct-{#} (per 100 {#}-grams)": "distinct-{0}（每 100 个 {1} 元组）",
    "repeated runs of 4 words, per 100": "每 100 个 4 元组中前文已有的",
    "words known from the training text, per 100": "每 100 个词中训练文本里有的",
    "longest run copied from the training text, characters": "与训练文本相同的最长片段（字符数）",
    "Copied, in sample {#}: “{}”": "与训练文本相同，见样本 {0}：“{1}”",
    "Only the first {#} characters of the training text were searched.": "只查找了训练文本的前 {0} 个字符。",
    (
        "{#} samples and an equal amount of the reference text. Words are those of ROUGE: lower case, no punctuation, "
        "Chinese by character. Runs do not span samples."
    ): "{0} 个样本与等量的参考文本对照。词按 ROUGE 计：小写、无标点、中文按字。元组不跨样本。",
    "Samples": "样本",
    "Sample {#}": "样本 {0}",
    "Samples during training": "训练过程中的样本",
    "Step {#}": "第 {0} 步",
    (
        "Negative log probability of {#} characters in {#} tokens (the model's pieces, line breaks and {#} ends of "
        "documents), each predicted from the whole text before it, with the state carried. Words are separated by "
        "spaces; each Chinese character with adjacent punctuation counts as a word, and so does each line break, "
        "like the end of a sentence in published perplexities per word. Only losses per character and per word can "
        "be compared across vocabularies."
    ): (
        "{0} 个字符、{1} 个词元（模型的子词、换行和 {2} 个文档结尾）的负对数概率，每个都由之前的全部内容预测，"
        "状态延续。"
        "词以空白分隔，每个汉字连同旁边的标点算一个词，每个换行也算一个，如同已发表的每词困惑度中的句尾。"
        "词表不同时，只有每字符和每词的损失可以相互比较。"
    ),
    (
        "{#} of the tokens are unknown: the model predicts that an unknown piece follows, but not which one, so losses "
        "per character and per word are too low."
    ): "有 {0} 个词元是未知的：模型只预测出现未知内容，不预测是什么，因此每字符和每词的损失偏低。",
}
