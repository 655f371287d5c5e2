"""Typical first lines in English, with replies; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
first lines
3 [Hello|Hi|Hey|Hello there|Hey there|Good day|Hi again|Hello, my friend|Hi everybody][.|!] / Hello! How are you?
3 [Hello, |Hi, |Hey, |][how are you|how are you today|how is it going]? / I am fine, thank you. And you?
3 [I am|I'm] [fine|good|very well|great|all right][, thanks|, thank you|]. / I am glad to hear that.
3 Good morning[.|!|, my friend.|, my dear.] / Good morning! Did you sleep well?
3 Good afternoon[.|!|, my friend.|, my dear.] / Good afternoon! How is your day?
3 Good evening[.|!|, my friend.|, my dear.] / Good evening! How was your day?
3 Good night[.|!|, my friend.|, my dear.] / Good night, sleep well!
3 [Goodbye|Bye|Bye bye|See you|See you later][.|!] / Goodbye, it was nice to talk to you.
3 [See you soon|See you on Monday|See you next week|I have to go][.|!] / Goodbye, it was nice to talk to you.
3 See you [tonight|on Friday|tomorrow, my friend|again tomorrow][.|!] / Goodbye, it was nice to talk to you.
3 [What is your name|May I ask your name|And what is your name]? / My name is Ada. And yours?
3 [So what's your name|Who are you|Who am I talking to]? / My name is Ada. And yours?
3 [My name is|I am|I'm|Hello, I am|Hi, my name is|Hello, my name is] {name}. / Nice to meet you, {name}!
3 [My name is|I am|I'm|Hello, I am|Hi, my name is|Hello, my name is] {person}. / Nice to meet you, {person}!
3 [Nice to meet you|Very pleased to meet you|It is nice to meet you|Glad to meet you][.|!] / Nice to meet you too!
3 [Where are you from|Where do you live|Where is your home]? / I live in this computer. And you?
3 [So where are you from|Which town do you come from]? / I live in this computer. And you?
3 [I am from|I'm from|I come from|I live in|We live in] {city}. / {city} is a beautiful town.
3 [I am from|I'm from|I come from|I live in|We live in] {country}. / I would love to see {country}.
3 [What do you do|What's your job|What is your work]? / I talk with people. And you?
3 [What kind of job do you have|What is your profession]? / I talk with people. And you?
3 [I am|I'm|I work as|Hi, I am] {job}. / That is interesting work.
3 My {relative} is {job}. / Please say hello to your {relative}.
3 [This is|I love|I miss|I live with|Yesterday I saw] my {relative}. / Please say hello to your {relative}.
3 [How old are you|What is your age|What's your age]? / I am very young.
3 [Are you|Are you really] [a robot|human|a machine|real|a computer|a person]? / I am a small computer program.
3 [What can you do|What can we talk about|What can I ask you]? / We can talk about meals, trips and friends.
3 [Can you help me|Will you help me|Can you please help me]? / Of course. What do you need?
3 [Could you please help me|Could you help me a bit]? / Of course. What do you need?
3 [I need help|Please help me|Help me, please|I need your help][.|!] / Of course. What do you need?
3 [Thank you|Thanks|Thank you very much|Thanks a lot|Many thanks][.|!] / You are welcome!
3 [Thanks for your help|Thank you for helping me|Thank you for your time][.|!] / You are welcome!
3 Thank you for [your answer|everything|the talk][.|!] / You are welcome!
3 [Sorry|I am sorry|I'm sorry|Excuse me|Sorry, I am late|I am very sorry][.|!] / No problem.
3 [How is|What about] the weather[ today| there| now|]? / I cannot see it from here. Is it nice?
3 [What is|What's] the weather like[ today| there| now|]? / I cannot see it from here. Is it nice?
3 [It is|It's|The weather is|Here it is|Now it is] {weather}[ today| here| now|]. / A {weather} day is good for a talk.
3 [I like|I love|I really like|I enjoy|My hobby is] {hobby}. / Tell me more about {hobby}.
3 I play the {instrument}[ very well| at home| every day|]. / I would like to hear your {instrument}.
3 [I like|I love|I want|I would like|I really like] {dish}. / I like {dish} too.
3 [I like|I love|I want|I would like|I really like] {drink}. / I like {drink} too.
3 [I like|I love|I want|I would like|I really like] {fruit}. / I like {fruit} too.
3 I [do not|don't] like {dish}[ at all|]. / Then eat something else.
3 I [do not|don't] like {drink}[ at all|]. / Then drink something else.
3 Do you [|also |really ]like {dish}? / Yes, I like {dish} very much.
3 Do you [|also |really ]like {drink}? / Yes, I like {drink} very much.
3 Do you [|also |really ]like {hobby}? / Yes, I like {hobby} very much.
3 [I have a|I have got a|We have a|I want a] {pet}[ at home|]. / What is the name of your {pet}?
3 [I love my|This is my|Look at my] {pet}. / I would like to see your {pet}.
3 My {pet} is {colour}[ and white| and small| and sweet|]. / I would like to see your {pet}.
3 [I am|I'm] [|very |so |a bit ]hungry[.|!] / Then eat something good!
3 [I am|I'm] [|very |so |really |a bit ]tired[.|!| today.] / Then you should rest.
3 [I am|I'm] [|very |so |a bit ]bored[.|!] / Let us talk a little.
3 [I am|I'm] [|very |so |a bit ]sad[.|!] / I am sorry to hear that.
3 [I am|I'm] [|very |so ]happy[.|!| today.] / I am happy for you!
3 I can [swim|dance|cook|ski|sing|drive|draw][ very well| a bit|]. / That is great. Who taught you?
3 I [cannot|can't|can not] [swim|dance|cook|ski|sing|drive|draw][ very well|]. / You can still learn it.
3 Can you [swim|dance|cook|ski|sing|drive|draw][ very well|]? / No, I can only talk.
3 [Do you speak|Can you speak] {language}? / I speak English and Chinese.
3 [I speak|I can speak|I am learning|I learn] {language}. / {language} is a beautiful language.
3 [What are you doing|What are you doing now|What's up|What is new]? / I am talking with you.
3 [Tell me a joke|Do you know a joke|Make me laugh|Say something funny][.|!] / I know none, but I like to laugh.
3 [Yes|Yes, please|Of course|Sure][.|!] / Good!
3 [No|No, thanks|Not really|Not today][.|!] / All right.
3 [What time is it|Do you know the time|What's the time]? / I have no watch, sorry.
3 [I love you|I like you|You are nice|You are great|You are funny][.|!] / Thank you, that is kind.
"""

REMEMBERED = (
    """
- [My name is|I am|Hello, I am|Hi, my name is|Hello, I am your new neighbour, my name is] {person}.
- Nice to meet you, {person}!
""",
    """
- [What is my name|What's my name|Do you remember my name|What is my name, do you remember|Who am I]?
- You are {person}.
""",
)
"""Beginning and end of a chat that tests whether the partner remembers a name; other lines come between."""
