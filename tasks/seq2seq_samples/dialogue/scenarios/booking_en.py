"""English conversation templates about booking; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
table
- [Good evening, I'd like to book|Hello, can I have] a table for {guests} on {day}.
- [Of course, what time|Certainly, when], and under what name?
- At {time}, under {person}. [My friend|Another guest], {person2}, eats no meat.
- [Noted|Very well]. [The kitchen closes|We serve hot food until] {time2}.
? [Sorry|Oh dear], {day} won't do, [we will come|make it] on {+day}. / [No problem|That's fine], I have changed it.
2 [What time is our table|When did I say we come]? / Your table is ready at {time}.
2 [Whose name is it under|Under what name is the table]? / It is under {person}.
2 [Who was it that eats no meat|Who gets no meat]? / That is {person2}.
2 [How many of us did you write down|For how many is it]? / A table for {guests}.
- [Thank you, goodbye.|That is all, thanks.]
- [See you|We expect you] on {day}.
< time time2

hotel
- [Hello, do you have a room|Good morning, can I get a room] from {date}?
- [Yes, we do|We have one]. [How long will you stay|For how many nights]?
- For {nights} nights. [My colleague|A friend], {person}, arrives on {date2}.
- You get room {room}, and {person} gets room {room2}.
? [One change, please|Sorry, a mistake]: I come on {+date}. / [No problem|All right], I have changed that.
2 [Which room is mine|What was my room number]? / You have room {room}.
2 [Where does my guest sleep|Which room is for the other guest]? / {person} sleeps in room {room2}.
2 [When do you expect me|Which date did you write down for me]? / You arrive on {date}.
2 [How long do I stay|How many nights is that]? / You stay {nights} nights.

dentist
- Hello, I need an appointment for my {relative}.
- [What is the name, please?|Under what name?]
- {person}. [Please call me back|I am the one who comes along], I am {person2}.
- We have {day} at {time} or {day2} at {time2}.
- [The later one is better|Let us take the latter], {day2}.
- [Good, it is written down.|I have written it down.]
2 [What time was that|When exactly]? / At {time2}.
2 [Who is the patient|Whose name did you write]? / The patient is {person}, your {relative}.
2 [And what is my name|Whom will you call back]? / You are {person2}.
- [Thanks a lot.|Thank you, that's all.]
- Goodbye, {person2}, see you on {day2}.

train
- [Hello, a ticket|One ticket, please,] to {city}.
- [When would you like to go?|On which day do you leave?]
- On {day}, and back on {day2}.
- [It leaves|The train starts] at {time}, arrives at {time2} and costs {price} dollars.
? [No, wait|Sorry], not {day}, [I travel|I want to go] on {+day}. / [Fine|All right], the times stay the same.
2 [When am I there|When does it arrive]? / It arrives at {time2}.
2 [When does it leave|What time does it start]? / It leaves at {time}.
2 [How much was it|What does it cost]? / It costs {price} dollars.
2 [When do I come back|Which day is the way back]? / You come back on {day2}.
- [Good, thank you.|Thanks, I take it.]
- Enjoy your trip to {city} on {day}.
< time time2

haircut
- [Hi, can I get a haircut|Hello, I need a haircut] on {day}?
- [Who shall do it|With whom], [{person} or {person2}|{person2} or {person}]?
- [{person2}, please.|Please give me {person2}.]
- [There is time|You can come] [at {time} or at {time2}|at {time2} or at {time}].
- [I take {time2}.|{time2} is better.]
- [Good. It costs|Done. You pay] {price} dollars.
2 [When do I come|What time was it]? / You come at {time2}.
2 [Who cuts my hair|Who will do it]? / {person2} does it.
2 [How much is it|What do I pay]? / It is {price} dollars.
- [Great, bye.|Thank you, goodbye.]
- [See you|Goodbye, until] {day} at {time2}.

concert
- [I'd like|Can I have] {tickets} tickets for the concert on {date}?
- We have seats at {price} and at {price2} dollars.
- [The ones at|I take those at] [{price2}, not at {price}|{price2} instead of {price}].
- [Good|Fine]. The doors open at {time}, the music starts at {time2}.
- My {relative} {person} [picks them up|will fetch them].
- [Then please remember the number|Your number is] {code}.
2 [When does the music start|What time do they begin to play]? / The music starts at {time2}.
2 [When can we go in|When do the doors open]? / The doors open at {time}.
2 [How much is a seat|What does one cost]? / A seat is {price2} dollars.
2 [How many tickets are there|How many did I take]? / There are {tickets} tickets for {date}.
< time time2
"""
