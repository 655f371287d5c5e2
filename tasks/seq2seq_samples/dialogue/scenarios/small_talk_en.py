"""English conversation templates about small talk; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
weekend
- [What are you doing at the weekend|Any plans for the weekend]?
- [I am going|I want to go] to {city} with {person}. [And you|What about you]?
- [I visit|I am visiting] my {relative} in {city2}, with {person2}.
- [Nice|Lovely], [they say it will be|I heard it will be] {weather} there. Where I go, it is {weather2}.
? [How do you get there|When do you leave]? / [By train|I take the train], at {time}.
2 [Who goes with you|Who did you say is going along]? / {person} goes with me.
2 [And who goes with me, do you know|Do you remember who goes with me]? / {person2} goes with you.
2 [Where did you say you go|What was your town]? / I go to {city}.
2 [What weather will you have|How is the weather where you go]? / Where I go, it is {weather2}.
- [Then have a nice time.|Well, enjoy the weekend.]
- You too, [say hello|give my best] to your {relative}.

pets
- [Do you have a pet|Have you got any pets]?
- [Yes|I do], a {colour} {pet} called {nickname}. [And you|What about you]?
- I have a {pet2}, {nickname2}, [it is|already] {years} years old.
- [How sweet|Lovely]. {nickname} is {years2} years old and eats {fruit}.
? [Who looks after it when you travel|Where is it in the holidays]? / My {relative} [does that|takes care of it].
2 [What is yours called|What was the name of your pet]? / My {pet} is called {nickname}.
2 [Do you remember the name of mine|And what is mine called]? / Your {pet2} is called {nickname2}.
2 [How old was yours|How old did you say it is]? / {nickname} is {years2} years old.
2 [What colour was it|Which colour has it]? / It is {colour}.
- [I must go and feed mine.|Mine is waiting for me.]
- [Say hello|Give a treat] to {nickname2}.

cooking
- [What are you cooking tonight|What will you cook]?
- [I make|I am making] {dish} with {fruit}. [And you|What about you]?
- [We have|There will be] {dish2}, and {drink} to drink. We are {guests}.
- [Here we are {guests2}|We are just {guests2}]. We drink {drink2}.
? [When do you eat|At what time do you eat]? / [We eat|Not before] at {time}.
2 [What were you cooking|What did you say you make]? / I make {dish}.
2 [And do you know what I make|What is my dish, do you remember]? / You make {dish2}.
2 [What do you drink with it|What will you drink]? / We drink {drink2}.
2 [How many are we, did I say|Do you remember how many we are]? / You said {guests}.
- [Enjoy your meal.|Have a nice evening.]
- Thank you, [and enjoy|have fun with] the {dish2}.

hobbies
- [Do you have a hobby|What do you do after work]?
- I like {hobby}, on {day} [with my friend|together with] {person}. [And you|Yours]?
- [I play|I learn] the {instrument}, on {day2}. My teacher is {person2}.
- [I tried|Once I tried] the {instrument2} [for|about] {years} years, but {hobby2} was more fun.
? Now [I have to move|they moved] my lesson to {+day2}. / [Good|Ah], that is a nice day for it.
2 [What did you once play|Which instrument did you try]? / I played the {instrument2}.
2 [What do I play, do you remember|Which instrument do I play]? / You play the {instrument}.
2 [When is my lesson|On which day do I have my lesson]? / You have it on {day2}.
2 [When do you meet your friend|Which day is your hobby]? / I meet {person} on {day}.
- [I have to practise now.|Well, I must go home and practise.]
- Have fun, [say hello to|and greet] {person2}.

holiday
- [Where will you go this year|Where do you spend your holidays]?
- [To|I go to] {country} in {month}, [with my|together with my] {relative}. [And you|What about you]?
- [Last year|Before] I was in {country2}. Now I go to {country3} in {month2}.
- [I like that|How exciting]. [Last year|The last time] we were in {city}.
? My boss said no, so I go in {+month2}. / [That is a good time too|Never mind], it is still warm.
2 [Where are you going|Which country did you choose]? / We go to {country}.
2 [Where was I last year, do you know|Do you remember where I was last year]? / You were in {country2}.
2 [When is my trip|In which month do I travel]? / You travel in {month2}.
2 [Who goes with you|Whom do you take along]? / My {relative} goes with me.
- [I must pack soon.|I am looking forward to it.]
- [Send me a card|Bring me something] from {country3}.

cinema
- [Shall we see a film|Do you want to go to the cinema] on {day}?
- [Yes|Gladly], [there is|they show] a {film} at {time} and a {film2} at {time2}.
- [I like the {film2} more|Rather the {film2}]. [Can {person} come along|May {person} join us]?
- [Sure|Of course], and {person2} [gets|buys] the tickets, for {price} dollars.
? I see that I work on {day}. Can we go on {+day}? / [Yes|No problem], it runs all week.
2 [Which film was it|What do we watch]? / We watch the {film2}.
2 [When does it begin|What time was our film]? / Our film begins at {time2}.
2 [Who gets the tickets|Who buys the tickets]? / {person2} gets them.
2 [How much do I owe for it|What do we pay]? / It costs {price} dollars.
- [Great, I am happy.|Good, it's a date.]
- See you on {day}, and bring {person}.
"""
