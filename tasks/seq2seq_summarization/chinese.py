"""The summarization plugin's words in Chinese; see `seq2seq.plugin.task.Task.phrases`."""

PHRASES = {
    "summarization": "摘要",
    "Summarization": "摘要",
    "Summarization {}": "摘要 {0}",
    # Names and numbers of the sample corpus.
    "facts copied right": "正确复制的事实",
    "Names and numbers never seen in training": "训练中从未出现的专名和数字",
    "Kind": "种类",
    "Copied": "正确",
    "Of": "总数",
    "Share (%)": "占比（%）",
    "Each name, date, time, score and number of the true summary, which must occur in the output as a whole.": (
        "参考摘要中的每个专名、日期、时间、比分和数字，须完整出现在输出中。"
    ),
    (
        "No document and no summary of the sample corpus's training split holds any of these. A summary gets them by "
        "copying from its document, where others of their kinds are near."
    ): "样例语料训练集的文档和摘要中都没有它们。摘要只能从文档中复制，而文档中还有其他同类项。",
    "company": "公司",
    "date": "日期",
    "number": "数字",
    "person": "人名",
    "score": "比分",
    "team": "球队",
    "time": "时间",
    "town": "城镇",
    "in English": "英文",
    "in Chinese": "中文",
    "all": "全部",
    # Neighbours.
    "Beside simple neighbours": "与简单方法对照",
    (
        "Lead and longest take whole sentences of the source (of a chat its turns), each as a line; the random "
        "sentence is drawn with a fixed seed. The oracle knows the references: it picks up to {#} sentences, one at "
        "a time, that raise ROUGE-1 and ROUGE-2 most, and shows roughly how well copying whole sentences could score."
    ): (
        "“开头”和“最长”取原文的整句（聊天则取其各轮），每句一行；随机句以固定种子抽取。"
        "“上限”已知参考：逐句选出使 ROUGE-1 和 ROUGE-2 提高最多的句子，最多 {0} 句，大致表明照抄整句最高能得多少分。"
    ),
    "system": "系统",
    "lead-1": "开头 1 句",
    "lead-3": "开头 3 句",
    "longest-3": "最长 3 句",
    "random sentence": "随机句",
    "oracle": "上限",
    "words each": "平均词数",
    "Mean F1, in points of 100.": "平均 F1，满分 100。",
    # Precision and recall.
    "Precision and recall": "精确率与召回率",
    "{}, mean of references": "{0}，各参考的平均",
    "Superfluous words lower precision, missing words lower recall.": (
        "输出多说的内容降低精确率，遗漏的内容降低召回率。"
    ),
    "With several references the one with the best F1 counts, except in rows of their mean.": (
        "有多个参考时取 F1 最高的一个，注明平均的行除外。"
    ),
    # What summaries are made of.
    "What the summaries are made of": "摘要的构成",
    "words copied from the document": "复制自原文的词",
    "references: {}": "参考：{0}",
    "references": "参考",
    "sentences each": "平均句数",
    "{#} ({#} in all)": "{0}（共 {1}）",
    "length to the references": "与参考的长度比",
    "copied words": "复制的词",
    "novel words": "新词",
    "novel {#}-grams": "新的 {0} 元组",
    "repeated {#}-grams": "重复的 {0} 元组",
    (
        "Words as ROUGE counts them, unstemmed; for Chinese they are characters. Sentences are those of ROUGE-Lsum. "
        "Copied words occur in the source. Novel n-grams (runs of n words) do not; each counts once in a summary. "
        "Repeated ones occur again in the same summary."
    ): (
        "词按 ROUGE 计，不取词干；中文按字。句子按 ROUGE-Lsum 切分。复制的词在原文中出现过；"
        "新的 n 元组（连续 n 个词）没有，每份摘要中各计一次；重复的 n 元组在同一份摘要中再次出现。"
    ),
}
