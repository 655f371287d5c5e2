"""English conversation templates about asking the way; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
walk
- [Excuse me|Sorry], how do I get to the {landmark}?
- [Walk|Go straight on] to the {landmark2}, then turn into {street}.
- [And after that|And then]?
- [Cross|Go across] {street2}, it is opposite the {landmark3}.
? [Is it far|How long does it take]? / [Not really|No], {minutes} minutes on foot.
2 [Where do I walk to first|What comes first]? / First you go to the {landmark2}.
2 [Which street do I turn into|Into which street do I turn]? / You turn into {street}.
2 [Which street do I cross|What must I cross]? / You cross {street2}.
2 [What is it opposite of|What do I see across from it]? / It is opposite the {landmark3}.
- [Thank you so much.|Thanks for your help.]
- You are welcome, [you will find|enjoy] the {landmark}.

bus
- [Which bus goes|How do I get by bus] to the {landmark}?
- [Take|You take] bus {line} and change to bus {line2} at the {landmark2}.
- [When does the first one leave|When does it come]?
- At {time}, and the [other one|next one] at {time2}.
? [And how long does it take|How long is the ride]? / [It takes|Only] {minutes} minutes.
2 [Which bus do I take first|Which one is the first bus]? / First you take bus {line}.
2 [Which bus comes after the change|Which bus do I change to]? / You change to bus {line2}.
2 [Where do I change|Where do I have to get off]? / You change at the {landmark2}.
2 [When does the first one go|What time do I have to be there]? / It leaves at {time}.
- [Great, thanks.|Thank you very much.]
- [Bye, have fun|Enjoy your time] at the {landmark}.
< time time2

office
- [Good morning, I am|Hello, my name is] {person}. I have a meeting with {person2}.
- [Welcome|Good morning]. [The meeting is|It is] on the {floor} floor, in room {room}.
- [Is there a place to eat|Where can I eat something]?
- [The canteen is|You can eat] on the {floor2} floor, until {time}.
? [And my bag|Where can I leave my coat]? / In room {room2}[, on the left|, down the hall].
2 [Which room do I go to|What room is the meeting in]? / You go to room {room}.
2 [On which floor was the meeting|Which floor do I go to]? / To the {floor} floor.
2 [Where do I find something to eat|Which floor is the canteen on]? / The canteen is on the {floor2} floor.
2 [How long can I eat there|When does the canteen close]? / It is open until {time}.
- [Thank you.|That is all, thank you.]
- {person2} is waiting for you, {person}.

drive
- [How do I drive|Which road goes] to {city} from here?
- [Take|Follow] road {line}, and at {city2} change to road {line2}.
- [Where can I stop for a break|Where do I get petrol]?
- [There is a good place|You can stop] after exit {room}.
? [Is it safe in winter|How is the weather there]? / [They say|I heard] it is {weather}.
2 [Which road do I begin with|Which road is the first]? / You start on road {line}.
2 [Which road comes after that|And later, which road]? / Later you are on road {line2}.
2 [Where do I change roads|At which town do I change]? / You change at {city2}.
2 [Which exit was it|After which exit can I stop]? / After exit {room}.
- [Thanks, that helps.|Good, thank you.]
- Have a safe drive to {city}.

visit
- [Hi, I want to visit you|Hello, I'm on my way], where do you live?
- In {street}, number {line}. [The bell says|Look for the name] {person}, not {person2}.
- [How do I get into the house|Is the door open]?
- The code is {code} below and {code2} above, [I live|we are] on the {floor} floor.
? [What can I bring|Shall I bring something]? / [Some|Please bring] {fruit}, and {drink}.
1 [Which name is on the bell|Where do I ring]? / The bell says {person}.
1 [What floor was it|How far do I go up]? / Up to the {floor} floor.
1 [Which street was it|Where exactly is that]? / In {street}, number {line}.
- [Good, and the code below once more|Wait, what was the code below]?
- Below it is {code}.

parcel
- [Hello, I have a parcel|Delivery], which house is it?
- It is {street}, [next to the|behind the] {landmark}, [not|and not] {street2}.
- [And if nobody opens|What if you are out]?
- [Then give it to|Leave it with] {person} in room {room}, not {person2}, or call {code}.
? [When are you back|When are you at home]? / [At|Not before] {time}.
2 [Which street was right|What street is it]? / It is {street}.
2 [What is the house near|What do I look for]? / Look for the {landmark}.
2 [Who takes it if you are out|Who else can take it]? / {person} can take it.
2 [What number do I call|How can I call you]? / You can call {code}.
"""
