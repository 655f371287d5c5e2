"""The dialogue plugin's words in Chinese; see `seq2seq.plugin.task.Task.phrases`."""

PHRASES = {
    "dialogue": "对话",
    "Dialogue": "对话",
    "Dialogue {}": "对话 {0}",
    "by chance: {#} %": "随机：{0} %",
    "references: {#} %": "参考：{0} %",
    "references": "参考",
    "model": "模型",
    # Facts.
    "facts remembered": "记住的事实",
    "Facts from three or more turns before": "三轮以前或更早的事实",
    "Facts": "事实",
    "Right": "正确",
    "Of": "总数",
    "Share (%)": "占比（%）",
    "all": "全部",
    "language: Chinese": "语言：中文",
    "language: English": "语言：英文",
    "topic: {}": "话题：{0}",
    "booking": "预订",
    "introductions": "自我介绍",
    "shopping": "购物",
    "small talk": "闲聊",
    "way": "问路",
    "said {#} turns ago": "{0} 轮之前提到的",
    "A fact is right if the reply contains all of it, and nothing else of its kind from the conversation.": (
        "回复完整说出该事实，且没有说出对话中出现过的其他同类事实，才算正确。"
    ),
    (
        "Names, times, days, prices and the like that the true reply repeats and that do not occur in the {#} "
        "turns before it. Names, dates and numbers never occur in the training split, nor do the combinations of "
        "other words that have to be remembered in one conversation."
    ): (
        "真实回复中再次提到的姓名、时间、日期、价格等，且此前 {0} 轮中无人提过。"
        "姓名、日期和数字从未出现在训练集中；其他词中，一段对话里需要记住的组合也从未在训练集中出现过。"
    ),
    # Perplexity.
    "Perplexity of the reference replies": "参考回复的困惑度",
    "per": "按",
    "token, the end counts": "词元，计结尾",
    "token, without the end": "词元，不计结尾",
    "word, the end counts": "词，计结尾",
    "word, without the end": "词，不计结尾",
    "character or word, the end counts": "字或词，计结尾",
    "character or word, without the end": "字或词，不计结尾",
    (
        "Tokens are the model's pieces. Words are those of BLEU ({}): punctuation counts, and each Chinese character. "
        "If the end counts, each reply has one more token or word, with its loss; publications often do not say "
        "which they report. Only numbers per word compare between vocabularies. Intervals are those of the bootstrap "
        "over replies."
    ): (
        "词元是模型的子词。词按 BLEU（{0}）计：标点计入，每个汉字算一个。计结尾时，每个回复多一个词元或词"
        "（其结尾）及其损失；"
        "已发表的困惑度往往不说明是哪一种。词表不同时，只有每词的数值可以相互比较。区间用自助法对回复计算。"
    ),
    # Variety.
    "different replies": "互不相同的回复",
    "Beside the reference replies": "与参考回复对照",
    "95% interval of references": "参考的 95% 区间",
    "model to references": "模型与参考之比",
    "ratio": "比值",
    "distinct-{#}": "distinct-{0}",
    "distinct-{#} of {#} words (of 100)": "{1} 词的 distinct-{0}（满分 100）",
    "different replies (%)": "互不相同的回复（%）",
    "replies that are one of the {#} most frequent (%)": "属于最常见 {0} 个回复的（%）",
    "replies that repeat three words (%)": "重复连续三个词的回复（%）",
    "words of a reply": "每个回复的词数",
    (
        "Words are in lower case and without punctuation; a Chinese character is a word. Distinct-n falls as more "
        "words are counted, so it is computed on as many whole replies as have the given number of words, averaged "
        "over all ways to choose them. Replies are equal if their words are. Intervals are those of the jackknife "
        "over replies: a bootstrap draws replies twice, which adds repetition."
    ): (
        "词为小写、无标点；一个汉字算一个词。计数的词越多，distinct-n 越低：这里取总词数为所示词数的若干完整回复，"
        "并对所有取法求平均。词相同即回复相同。区间用刀切法对回复计算：自助法会重复抽到同一回复，从而增加重复。"
    ),
    "The most frequent replies": "最常见的回复",
    "times of references": "在参考中的次数",
    # Ranking.
    "true reply ranked first of ten": "真实回复在十个候选中排第一",
    "true reply ranked first of ten (%)": "真实回复在十个候选中排第一（%）",
    "The true reply among ten": "十个候选中的真实回复",
    "by chance": "随机",
    "mean reciprocal rank (of 100)": "平均倒数排名（满分 100）",
    "No example has nine different replies of other conversations to be ranked among.": (
        "每个例子都找不到九个来自其他对话且互不相同的回复，无法排名。"
    ),
    (
        "For each of {#} examples the true reply and nine replies of other conversations of the test set, all "
        "different, are ranked by their log probability per piece, end mark included; ties count against the true "
        "one. They are drawn with seed {#}, the same for every model. Intervals are those of the bootstrap over "
        "examples."
    ): (
        "对 {0} 个例子，把真实回复和测试集中其他对话的九个互不相同的回复，按每词元的对数概率（含结束符）排名；"
        "概率相同时真实回复排在后面。"
        "抽样种子为 {1}，对所有模型相同。区间用自助法对例子计算。"
    ),
    # Conversations.
    "Conversations": "对话",
    (
        "On the left the true conversation, on the right the model's replies, always after the true turns. The "
        "conversations are spread evenly over the test set; of each the first {#} replies are shown. Under a reply "
        "is its attention: choose a word, and the stronger the colour of a piece of the history, the more attention "
        "it got."
    ): (
        "左边是真实对话，右边是模型在同样的上文（总是真实的各轮）之后给出的回复。所示对话均匀取自测试集；"
        "每段对话只显示前 {0} 个回复。"
        "回复下面是它的注意力：点选一个词，对话历史中的词元颜色越深，该词对它的注意力越大。"
    ),
    "who": "说话人",
    "said": "真实对话",
    "known": "已知",
    "model as A": "模型（作为 A）",
    "model as B": "模型（作为 B）",
    "one example": "一个例子",
    "{#} reply": "{0} 个回复",
    "{#} replies": "{0} 个回复",
    "Its attention": "对上文的注意力",
}
