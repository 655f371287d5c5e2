"""Thirty typical first inputs to a translator, none of them in the corpus, with their accepted translations.

``python -m seq2seq_samples.translation.proof MODEL`` counts the lines that a model translates correctly.
"""

from seq2seq_samples.engine.first_lines import first_lines

LINES = first_lines("""
Hello, how are you? = 你好，你好吗？ / 你好，你怎么样？
Good morning, Tom. = 早上好，汤姆。 / 汤姆，早上好。
My name is Anna. = 我叫安娜。 / 我的名字叫安娜。 / 我的名字是安娜。
Hi, I am David. = 嗨，我是大卫。 / 你好，我是大卫。
Hello, what is your name? = 你好，你叫什么名字？ / 你好，你叫什么？
Thank you for your help. = 谢谢你的帮助。 / 感谢你的帮助。
Thank you very much, Mary. = 非常感谢你，玛丽。 / 非常感谢，玛丽。
My father is a doctor. = 我父亲是一位医生。 / 我父亲是医生。 / 我爸爸是医生。
My dog is black. = 我的狗是黑色的。 / 我的狗是黑的。
My house is very big. = 我的房子很大。
The weather is good today. = 今天天气很好。 / 今天天气好。
It is very cold today. = 今天非常冷。 / 今天很冷。 / 今天天气很冷。
It will rain tomorrow. = 明天会下雨。 / 明天要下雨。
How is the weather in Beijing? = 北京天气怎么样？ / 北京的天气怎么样？
I can swim. = 我会游泳。 / 我能游泳。
I cannot drive. = 我不会开车。 / 我不能开车。
Can you speak English? = 你会说英语吗？ / 你能说英语吗？
I love my family. = 我爱我的家人。
I like cats. = 我喜欢猫。
I do not like coffee. = 我不喜欢咖啡。
How old is your son? = 你儿子多大了？ / 你的儿子多大了？
I am twenty years old. = 我二十岁。 / 我二十岁了。
Where is the station? = 车站在哪儿？ / 车站在哪里？
I am from London. = 我来自伦敦。 / 我从伦敦来。 / 我是伦敦人。
I live in Paris. = 我住在巴黎。
I am very tired. = 我很累。 / 我非常累。
How much is this book? = 这本书多少钱？
I have a cat. = 我有一只猫。 / 我有只猫。
I want a cup of coffee. = 我想要一杯咖啡。 / 我要一杯咖啡。
This is my book. = 这是我的书。
""")
