"""Typical first lines to a chat partner: short training chats, and thirty test lines in each language.

Most chats consist of a first line from the tables in `scenarios` and its reply. Some join three such pairs in random
order; in others, a speaker gives a name and asks for it one or two pairs later. Only the replies are training targets.
Some lines look casually typed: in lower case, without final punctuation. No chat contains a test line.
``python -m seq2seq_samples.dialogue.proof MODEL`` counts the test lines that a model answers well.
"""

from collections.abc import Iterable, Iterator
from random import Random

from seq2seq.corpus.example import Example
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import Conversation, Pattern, patterns, write
from seq2seq_samples.dialogue.scenarios import first_lines_en, first_lines_zh
from seq2seq_samples.engine.first_lines import MARKS, bare, first_lines
from seq2seq_samples.engine.splits import LANGUAGES

CASUAL = 0.3
"""Fraction of first lines that look casually typed."""
KINDS = (0.85, 0.05, 0.05, 0.05)
"""Fractions of chats with one pair, three pairs, one between a name and a question about it, and two between these."""


def _pattern(language: str, exchanges: int, *, is_remembered: bool = False) -> Pattern:
    """Return the template of a chat of `exchanges` pairs, optionally between a name and a question about it."""
    lines = {"en": first_lines_en, "zh": first_lines_zh}[language]
    name, pairs = lines.TABLE.strip().split("\n", 1)
    before, after = lines.REMEMBERED if is_remembered else ("", "")
    middle = f"\n{pairs}".replace("\n3 ", f"\n{exchanges} ")
    table = "\n".join(part.strip() for part in (name, before, middle, after) if part.strip())
    return patterns("first lines", language, table)[0]


PATTERNS = {
    language: (
        *(_pattern(language, exchanges) for exchanges in (1, 3)),
        *(_pattern(language, exchanges, is_remembered=True) for exchanges in (1, 2)),
    )
    for language in LANGUAGES
}
"""Templates for each of `KINDS`, by language."""


OPENERS = {
    "en": first_lines("""
Hi there! = Hello! How are you?
Hey, how are you today? = I am fine, thank you. And you?
Hello, how are you? = I am fine, thank you. And you?
I am very well, thank you. = I am glad to hear that.
Good morning, my friend. = Good morning! Did you sleep well?
Good evening, my dear. = Good evening! How was your day?
What's your name? = My name is Ada. And yours?
Hello, my name is Julia. = Nice to meet you, Julia!
I am Martin. = Nice to meet you, Martin!
Pleased to meet you. = Nice to meet you too!
Where do you come from? = I live in this computer. And you?
I live in Paris. = Paris is a beautiful town.
I come from Italy. = I would love to see Italy.
What is your job? = I talk with people. And you?
I work as a teacher. = That is interesting work.
My brother is a cook. = Please say hello to your brother.
Are you a machine? = I am a small computer program.
Could you help me? = Of course. What do you need?
Thank you for your help! = You are welcome!
I'm sorry. = No problem. / I am sorry to hear that.
What's the weather like today? = I cannot see it from here. Is it nice?
It is sunny today. = A sunny day is good for a talk.
I love swimming. = Tell me more about swimming.
I like tea. = I like tea too.
Do you like pizza? = Yes, I like pizza very much.
I have a dog. = What is the name of your dog?
I am so tired. = Then you should rest.
I cannot cook. = You can still learn it.
Do you speak French? = I speak English and Chinese.
See you tomorrow! = Goodbye, it was nice to talk to you.
"""),
    "zh": first_lines("""
你好啊！ = 你好！最近怎么样？
你好，最近怎么样？ = 我很好，谢谢。你呢？
嗨，最近好吗？ = 我很好，谢谢。你呢？
我挺好的，谢谢。 = 那太好了。
早上好，朋友。 = 早上好！睡得好吗？
晚上好，亲爱的。 = 晚上好！今天累不累？
请问你叫什么？ = 我叫小安，你呢？
你好，我叫王芳。 = 王芳，很高兴认识你！
我是李娜。 = 李娜，很高兴认识你！
认识你很高兴。 = 我也很高兴认识你！
你从哪里来？ = 我住在这台电脑里。你呢？
我住在北京。 = 北京是个好地方。
我从日本来。 = 我真想去日本看看。
你做什么工作？ = 我陪人聊天。你呢？
我是一名老师。 = 这个工作很有意思。
我哥哥是厨师。 = 替我问候你哥哥。
你是机器吗？ = 我是一个小小的电脑程序。
能帮帮我吗？ = 当然可以。你需要什么？
谢谢你的帮助。 = 不客气！
真对不起。 = 没关系。
今天天气好吗？ = 我在这里看不到。天气好吗？
今天是晴天。 = 晴天正好聊天。
我喜欢游泳。 = 跟我说说游泳吧。
我喜欢喝咖啡。 = 我也喜欢咖啡。
你喜欢吃饺子吗？ = 我很喜欢饺子。
我有一只小狗。 = 你的小狗叫什么名字？
我好累了。 = 那就休息一下吧。
我不会做饭。 = 现在学也不晚。
你会说法语吗？ = 我会说中文和英文。
明天见！ = 再见，跟你聊天很开心。
"""),
}
_ASKED = {bare(opener.text) for openers in OPENERS.values() for opener in openers}


def chats(count: int, seed: int) -> Iterator[Conversation]:
    """Yield short training chats without test lines, alternately in English and Chinese."""
    random = Random(seed)
    for number in range(count):
        (pattern,) = random.choices(PATTERNS[LANGUAGES[number % 2]], KINDS)
        chat = write(pattern, random, "train")
        while any(bare(text) in _ASKED for text in chat.texts[::2]):
            chat = write(pattern, random, "train")
        yield chat


def examples(chats: Iterable[Conversation], reader: ConversationReader, seed: int) -> list[Example]:
    """Return an example for each reply in the chats; `seed` determines which first lines look casually typed."""
    random = Random(seed)
    replies = []
    for number, chat in enumerate(chats, 1):
        turns = [_casual(text, chat, random) if place % 2 == 0 else text for place, text in enumerate(chat.texts)]
        replies += list(reader.examples({"turns": turns}, f"sample first lines:{number}"))[::2]
    return replies


def _casual(text: str, chat: Conversation, random: Random) -> str:
    """Strip final punctuation from some lines, and convert those without slot values to lower case."""
    if random.random() >= CASUAL:
        return text
    text = text.rstrip(MARKS)
    return text if any(value.text in text for value in chat.values) else text.lower()
