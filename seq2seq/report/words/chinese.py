"""The report's own words in Chinese; see `seq2seq.report.words.language`."""

from seq2seq.report.words.chinese_running_text import TEXT_PHRASES

PHRASES: dict[str, str] = {
    "; ": "；",
    ", ": "，",
    ".": "。",
    ": ": "：",
    "(empty)": "（空）",
    # Title and verdict.
    "{#} sentences": "{0} 句",
    "{#} sentence": "{0} 句",
    "{#} characters": "{0} 个字符",
    "{} {#} of 100": "{0} {1} 分，满分 100",
    "{} {#} of 100 (95% interval {#} to {#})": "{0} {1} 分，满分 100（95% 区间 {2} 至 {3}）",
    "{} {#} of 100 (95% interval {#} to {#}; {})": "{0} {1} 分，满分 100（95% 区间 {2} 至 {3}；{4}）",
    "{} {#} %": "{0} {1} %",
    "{} {#} % ({})": "{0} {1} %（{2}）",
    "{} {#} % (95% interval {#} to {#})": "{0} {1} %（95% 区间 {2} 至 {3}）",
    "{} {#} % (95% interval {#} to {#}; {})": "{0} {1} %（95% 区间 {2} 至 {3}；{4}）",
    "perplexity per token {#}": "每词元困惑度 {0}",
    "perplexity per word {#}": "每词困惑度 {0}",
    "bits per character {#}": "每字符比特数 {0}",
    "seed {#}": "种子 {0}",
    "{} {#} (95% interval {#} to {#})": "{0} {1}（95% 区间 {2} 至 {3}）",
    "{#} of {#} outputs equal a reference": "{1} 个输出中有 {0} 个与参考完全相同",
    "1 of {#} outputs equals a reference": "{0} 个输出中有 1 个与参考完全相同",
    "1 output is empty": "1 个输出为空",
    "1 output repeats three pieces in a row": "1 个输出重复了连续三个词元",
    "{#} outputs are empty": "{0} 个输出为空",
    "{#} outputs repeat three pieces in a row": "{0} 个输出重复了连续三个词元",
    "lowest quality on sources of {} pieces (chrF {})": "原文长 {0} 个词元时最弱（chrF {1}）",
    # Key figures.
    "outputs equal to a reference": "与参考完全相同的输出",
    "perplexity per token": "每词元困惑度",
    "perplexity per word": "每词困惑度",
    "bits per character": "每字符比特数",
    "{#} to {#} (95%)": "{0} 至 {1}（95%）",
    "references: {}": "参考：{0}",
    "of {} facts": "共 {0} 个事实",
    "points of 100": "满分 100",
    "edits per 100 words": "每 100 词的编辑数",
    "edits per 100 characters": "每 100 字的编辑数",
    "of the references": "对参考文本",
    "of 100": "满分 100",
    "bits": "比特",
    "characters": "字符",
    "higher is better": "越高越好",
    "lower is better": "越低越好",
    "{}, higher is better": "{0}，越高越好",
    "{}, lower is better": "{0}，越低越好",
    "% of {#} facts": "共 {0} 个事实",
    "key figure": "关键指标",
    "value": "数值",
    "note": "说明",
    # Three examples.
    "Three examples": "三个例子",
    "A good one": "较好的一例",
    "An average one": "中等的一例",
    "A bad one": "较差的一例",
    (
        "Drawn at random (seed {}) from the tenth of the outputs with the highest {}, from the tenth around the "
        "median, and from the tenth with the lowest."
    ): "随机抽取（种子 {0}）：分别取自{1}最高的、居中的和最低的十分之一的输出。",
    "log probability per token": "每词元对数概率",
    "log probability {#} per token": "每词元对数概率 {0}",
    "reference {#} nats per token": "参考：每词元 {0} 奈特",
    "source": "原文",
    "reference": "参考",
    "output": "输出",
    "copied": "复制",
    "Attention": "注意力",
    "rows are output pieces, columns source pieces; full colour is weight 1": (
        "行为输出的词元，列为原文的词元；颜色最深表示权重为 1"
    ),
    "choose a word of the output: the stronger the colour of a source piece, the more that word attended to it": (
        "点选输出中的一个词：原文词元颜色越深，该词对它的注意力越大"
    ),
    (
        "The stronger the colour of a piece, the larger the share of its probability that came from copying the "
        "source; underlined above one half."
    ): "词元颜色越深，其概率中来自复制原文的比例越大；超过一半时加下划线。",
    "whole output": "整个输出",
    "Words of the output": "输出的词",
    "Words of the output that differ from the closest reference are marked.": (
        "高亮的是最接近的参考在该位置没有的词。"
    ),
    # Parts.
    "Parts of the report": "报告的各部分",
    "Scores": "得分",
    "By source length": "按原文长度统计",
    "Learning curves": "学习曲线",
    "All outputs": "全部输出",
    "Worst examples": "最差的例子",
    "Typical examples": "典型的例子",
    "Best examples": "最好的例子",
    "Loss of the references": "参考文本的损失",
    "Loss of the text": "文本的损失",
    "Outputs": "输出",
    "Reproduce it": "复现这次评测",
    "Signatures": "签名",
    "Recipe": "配方",
    "Copy": "复制",
    "Copied": "已复制",
    "Values as a table": "数值表",
    "The lines on the bars are 95% bootstrap intervals; the fewer the sentences, the longer the line.": (
        "柱上的线是 95% 自助法区间；句子越少，区间越宽。"
    ),
    "Chosen by sentence chrF: lowest, around the median, highest; among equals, longer sources first.": (
        "按单句 chrF 选取：最低、中位数附近、最高；相同时取原文较长的。"
    ),
    (
        "Written by seq2seq evaluate. All outputs are in report.json beside this file; seq2seq compare tests two such "
        "files against each other."
    ): "由 seq2seq evaluate 生成。全部输出见同一文件夹的 report.json；seq2seq compare 可检验两份这样的文件之间的差异。",
    # Tables.
    "metric": "指标",
    "score": "得分",
    "95% interval": "95% 区间",
    "unit": "单位",
    "signature": "签名",
    "none": "无",
    "not computed": "未计算",
    "loss": "损失",
    "nats": "奈特",
    "perplexity": "困惑度",
    "per token": "每词元",
    "per character": "每字符",
    "per word": "每词",
    "what": "项目",
    "count": "数量",
    "share": "占比",
    "{#} of {#}": "{0} / {1}",
    "empty outputs": "空输出",
    "outputs that repeat three pieces": "重复连续三个词元的输出",
    "length of outputs to references": "输出与参考的长度比",
    "{#} to {#} characters": "{0} 比 {1} 个字符",
    "{#} to {#}": "{0} 至 {1}",
    "pieces": "词元数",
    "sentences": "句数",
    "length ratio": "长度比",
    # Charts.
    "{} by source length": "各原文长度的 {0}",
    "source length (pieces)": "原文长度（词元）",
    "Loss by step": "各步的损失",
    "Loss of training and validation at each optimizer step.": "每个优化步的训练损失和验证损失。",
    "optimizer steps": "优化步数",
    "loss (nats per token)": "损失（奈特/词元）",
    "Validation {} by step": "各步的验证 {0}",
    "Validation {} at each optimizer step.": "每个优化步的验证 {0}。",
    "validation {}": "验证 {0}",
    "Each training loss is the mean since the previous point, with dropout on; neither loss includes label "
    "smoothing.": ("训练损失是自上一点以来的平均值，计算时启用 dropout；两种损失都不含标签平滑。"),
    "Validation decodes with its own, faster search settings.": "验证使用单独的、更快的解码设置。",
    "The dashed line marks the step whose weights were evaluated.": "虚线标出所评测权重对应的训练步。",
    "validation loss": "验证损失",
    "train": "训练",
    "test": "测试",
    "validation": "验证",
    "step": "步",
    "best: step {#}": "最佳：第 {0} 步",
    # All outputs.
    "Search (all words)": "搜索（须含所有词）",
    "Show": "显示",
    "Sort by": "排序",
    "all outputs": "全部输出",
    "equal to a reference": "与参考相同",
    "not equal to a reference": "与参考不同",
    "empty": "空",
    "repeating": "有重复",
    "mainly Chinese characters": "以汉字为主",
    "other scripts": "其他文字",
    "lowest first": "从低到高",
    "highest first": "从高到低",
    "shortest first": "从短到长",
    "longest first": "从长到短",
    "nats per token": "每词元损失（奈特）",
    "Back": "上一页",
    "Next": "下一页",
    "{0} of {1} outputs": "共 {1} 个输出，显示 {0} 个",
    "Without JavaScript, all outputs are in report.json beside this file.": (
        "未启用 JavaScript；全部输出见同一文件夹的 report.json。"
    ),
    "Texts are cut to {#} characters here; report.json holds all of them.": (
        "这里的文本只显示前 {0} 个字符；完整文本见 report.json。"
    ),
    # Errors.
    "Where the errors are": "错误分布",
    "Words produced too often and too rarely": "输出过多和过少的词",
    "By word frequency.": "按词频。",
    "By length.": "按长度。",
    "times in references": "参考中的次数",
    "words": "词数",
    "recall": "召回率",
    "precision": "精确率",
    "words of the reference": "参考文本的词数",
    "outputs": "输出",
    "kind of word": "词的种类",
    "in references": "参考中",
    "in outputs": "输出中",
    "difference": "差",
    "word": "词",
    "times": "次数",
    "numbers": "数字",
    "names": "专名",
    "words of the source": "原文中也有的词",
    "Too often.": "过多。",
    "Too rarely.": "过少。",
    "Replaced most often.": "最常见的误替。",
    "{#} and more": "{0} 及以上",
    "The model was trained on these sentences: the scores say nothing about new ones.": (
        "模型就是用这些句子训练的：得分不能说明它在新句子上的表现。"
    ),
    "The best weights were chosen on these sentences: the scores are slightly too good.": (
        "训练时用这些句子挑选了最佳权重：得分略微偏高。"
    ),
    "train split of the sample corpus of {}": "{0}样例语料的训练集",
    "validation split of the sample corpus of {}": "{0}样例语料的验证集",
    "test split of the sample corpus of {}": "{0}样例语料的测试集",
    "train split of the sample corpus of {} (only the first {#})": "{0}样例语料的训练集（只用前 {1} 个）",
    "validation split of the sample corpus of {} (only the first {#})": "{0}样例语料的验证集（只用前 {1} 个）",
    "test split of the sample corpus of {} (only the first {#})": "{0}样例语料的测试集（只用前 {1} 个）",
    (
        "Negative log probability of {#} references under teacher forcing: {#} tokens (pieces and end marks) "
        "and {#} characters (the loss includes end marks, the count of characters does not). Only losses per character "
        "can be compared across vocabularies."
    ): (
        "{0} 个参考在教师强制下的负对数概率：{1} 个词元（子词，每个结束符算一个）和 {2} 个字符（计入结束符的损失，"
        "但它不算字符）。"
        "词表不同时，只有每字符的损失可以相互比较。"
    ),
    (
        "Numbers are digits, and Chinese numerals of at least two characters; names are capitalised words inside a "
        "sentence (in German, all nouns); Chinese names are not recognised."
    ): (
        "数字指阿拉伯数字和两字以上的中文数字；专名指句中以大写字母开头的词（德语中即所有名词）；中文人名地名无法识别。"
    ),
    (
        "A word is correct if output and reference both contain it, at any position; each occurrence counts once. "
        "Recall is the share of the references' words that are in the outputs, precision the share of the outputs' "
        "words that are in the references. Words are in lower case, Chinese by character; frequencies are counted "
        "in these references."
    ): (
        "输出和参考中都有的词算对，不论在句中何处，每次出现计一次。召回率是参考的词中被输出的比例，"
        "精确率是输出的词中参考也有的比例。"
        "词一律小写，中文按字；词频按这些参考统计。"
    ),
    (
        "Sorted by the log-likelihood ratio of the two counts (Dunning 1993); differences that may be due to chance "
        "are omitted."
    ): "按两个次数的对数似然比排序（Dunning 1993）；次数之差可能出于偶然的词未列出。",
    # What a reader must know first.
    "{#} of {#} sources were cut to {#} pieces (first at {}); {#} % of all source pieces were lost.": (
        "{1} 个原文中有 {0} 个截断到 {2} 个词元（最早在 {3}）；共丢失原文词元的 {4} %。"
    ),
    "{#} of {#} sources was cut to {#} pieces (first at {}); {#} % of all source pieces were lost.": (
        "{1} 个原文中有 {0} 个截断到 {2} 个词元（在 {3}）；共丢失原文词元的 {4} %。"
    ),
    (
        "{}: subword text ({#} % of the tokens have '{}'), joined to words for scoring; --subwords keep scores the "
        "pieces."
    ): ("{0}：子词文本（{1} % 的词元带“{2}”），评分前已合成词；--subwords keep 按子词评分。"),
    "References": "参考",
    "Outputs that end in ' .' look tokenized: {}; {}.": "以“ .”结尾的输出似乎是分过词的：{0}；{1}。",
    "{#} of {#} ({})": "{1} 个中的 {0} 个（{2}）",
    "this model": "本模型",
    (
        "the references look tokenized too, so the scores compare with each other, but not with published BLEU, which "
        "is of detokenized text"
    ): "参考似乎也分过词，因此得分可相互比较，但不能与已发表的 BLEU 比较，后者针对未分词的文本",
    "the references do not look tokenized, so detokenize the outputs, or BLEU is too low": (
        "参考似乎没有分词，请先还原输出的分词，否则 BLEU 偏低"
    ),
    "{} (only the first {#})": "{0}（只用前 {1} 个）",
    "{} split: {}": "{0}集：{1}",
    # How outputs were made, and the recipe.
    "greedy search": "贪心搜索",
    "beam search, {#} beams": "束搜索，束宽 {0}",
    "beam search, {#} beams in {#} groups, diversity {#}": "束搜索，束宽 {0}，分 {1} 组，多样性 {2}",
    "drawn at random ({})": "随机采样（{0}）",
    "the best of {#} candidates by {}; {}": "按 {1} 从 {0} 个候选中选出最好的；{2}",
    "command": "命令",
    "model": "模型",
    "task": "任务",
    "reader": "读取器",
    "data": "数据",
    "search": "搜索",
    "sampling": "采样",
    "rerank": "重排",
    "reverse": "反向模型",
    "language_model": "语言模型",
    "bootstrap": "自助法",
    "software": "软件",
    "scored_texts": "评分文本",
    "decoding": "解码",
    # The page over a folder of runs.
    "Runs": "运行列表",
    "Task unknown": "任务不明",
    "1 run": "1 次运行",
    "{#} runs": "{0} 次运行",
    "{#} evaluated": "{0} 次已评测",
    "{#} incomplete or damaged": "{0} 次不完整或已损坏",
    "run": "运行",
    "training data": "训练数据",
    "the sample corpus of {}": "{0}样例语料",
    "steps": "步数",
    "weights": "权重数",
    "training time": "训练时间",
    "date": "日期",
    "report": "报告",
    "{#} s": "{0} 秒",
    "{#} min {#} s": "{0} 分 {1} 秒",
    "{#} h {#} min": "{0} 小时 {1} 分",
    "not evaluated yet": "尚未评测",
    "in training": "正在训练",
    "no model yet: the run was interrupted; continue it with --resume": "尚无模型：训练已中断；用 --resume 继续",
    "no model: the run ended before anything was saved": "无模型：训练在保存之前就结束了",
    "the model is incomplete: {} is missing": "模型不完整：缺少 {0}",
    "config.json of the model is damaged or of another version": "模型的 config.json 已损坏或属于其他版本",
    "config.yaml is damaged": "config.yaml 已损坏",
    "config.yaml is missing": "缺少 config.yaml",
    "metrics.csv is damaged or empty": "metrics.csv 已损坏或为空",
    "{} is damaged or of another version: evaluate again": "{0} 已损坏或属于其他版本：请重新评测",
    "report.html of {} is missing: evaluate again": "缺少 {0} 的 report.html：请重新评测",
    (
        "Written by seq2seq report from the folders' contents; run it again after training or evaluating. "
        "Scores on "
        "different test sets cannot be compared; seq2seq compare tests two reports on the same one."
    ): (
        "由 seq2seq report 根据文件夹的内容生成；训练或评测之后请重新生成。不同测试集上的得分不能比较；"
        "同一测试集的两份报告可用 seq2seq compare 比较。"
    ),
    **TEXT_PHRASES,
}
