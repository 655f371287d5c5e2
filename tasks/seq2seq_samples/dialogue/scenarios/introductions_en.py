"""English conversation templates about introductions; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
neighbours
- [Hello, I am your new neighbour|Hi, I just moved in], my name is {person}.
- [Welcome|Nice to meet you]! I am {person2}. [Where are you from|Where did you live before]?
- From {city}. [And you|What about you]?
- I [was born|grew up] in {city2}, and I have lived here for {years} years.
? [Do you live here with someone|Do you live alone]? / [With|I live with] my {relative} and a {pet}.
2 [Sorry, what was your name|I forgot your name, what was it]? / My name is {person2}.
2 [Do you still know my name|What is my name, do you remember]? / You are {person}.
2 [Where did you grow up|Which town do you come from]? / I come from {city2}.
2 [And where do I come from|Do you remember where I am from]? / You come from {city}.
- [I have to go now.|The kettle is boiling, I must go.]
- Bye, {person}, [I hope you like it here|it was nice to meet you].

colleague
- [Good morning|Hello], I am {person}, [I start here today|this is my first day].
- [Hello|Hi], I am {person2}. [What did you do before|What was your last job]?
- I was {job}. [And you|How about you]?
- [Before this|Once], I was {job2}. [Your desk is|You sit] in room {room}, [mine is|I sit] in room {room2}.
? [When is lunch|When do people eat]? / [Mostly|Usually] at {time}.
2 [Where is my desk|In which room do I sit]? / You sit in room {room}.
2 [Where can I find you|In which room are you]? / I am in room {room2}.
2 [What were you before|What was your old job]? / I was {job2}.
2 [Do you remember my old job|What did I do before]? / You were {job}.
- [See you later.|Good, I go and sit down.]
- [Good luck|Have a good day], {person}.

course
- [Is this seat free|May I sit here]? I am {person}.
- [Sure|Please], I am {person2}. [Which languages do you speak|What do you speak]?
- {language} at home, and {language2} at work. [What do you speak|And you]?
- I speak {language3}. I come to this class on {day} and {day2}.
? [Why are you learning|What is it for]? / I want to go to {country} in {month}.
2 [What do you speak|Which language did you say is yours]? / I speak {language3}.
2 [What do I speak at home|Which language do I use at home]? / At home you speak {language}.
2 [What do I speak at work|Which language do I use at work]? / At work you speak {language2}.
2 [When do you come|Which days are you here]? / On {day} and {day2}.
- [The teacher is coming.|I think it begins.]
- [Good luck|Have fun], {person}.

family
- [Have you met my family|Do you know my family]? This is my {relative} {person}, and my {relative2} {person2}.
- [Hello, nice to meet you all|How do you do]. What do they do?
- {person} is {job}, {person2} is {job2}.
- [Interesting|How nice]. [I am|My name is] {person3}, and I am {job3}.
? [Where do you live|Where is your home]? / I live in {city}, [not far away|with two friends].
2 [Who was {job} again|Which of us is {job}]? / That is {person}, your {relative}.
2 [Who was {job2} again|Which of us is {job2}]? / That is {person2}, your {relative2}.
2 [What was your own job|And what are you]? / I am {job3}.
2 [Sorry, what is your name|How are you called again]? / I am {person3}.
- [Come, let us eat.|The food is ready.]
- [Gladly|Thank you], I will sit beside {person2}.

hostel
- [Hi, is this bed free|Hello, are you new here]? I am {person} from {country}.
- [Hi|Hey], {person2}, from {country2}. [How long do you stay|When do you leave]?
- Until {day}, then I go to {city}. [And you|What about you]?
- I leave on {day2} and fly to {city2}.
? [Oh, not {day}|Wait, {day} is wrong], I stay until {+day}. / [Good for you|Nice], the town is lovely.
2 [When do you leave|Which day was your flight]? / I leave on {day2}.
2 [Where are you going next|Where does your flight go]? / I fly to {city2}.
2 [What is my next town|Do you know where I go next]? / You go to {city}.
2 [Which country did I say I come from|Where am I from, do you remember]? / You are from {country}.
- [Good night.|I am going to sleep.]
- Good night, {person}, [enjoy your days here|sleep well] until {day}.

friend
- [Let me tell you about|You must meet] my friend {person}, {job} from {city}.
- [Sounds nice|Oh], like my friend {person2}, {job2} from {city2}.
- {person} likes {hobby}, [and yours|what about yours]?
- {person2} likes {hobby2}. [Let us all meet|We could all meet] on {day}.
? [I have no time then|That is bad for me], {+day} is better. / [Fine|All right], I will tell everybody.
2 [What does your friend do|What is the job of your friend]? / {person2} is {job2}.
2 [What does my friend do|Do you remember my friend's job]? / {person} is {job}.
2 [What does your friend like|Which hobby has your friend]? / {person2} likes {hobby2}.
2 [Where does my friend live|Which town is my friend from]? / {person} is from {city}.
- [So when do we meet|Which day did we choose]?
- We meet on {day}.
"""
