"""English conversation templates about shopping; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
clothes
- [Hello, is there|Hi, do you have] a {colour} {garment} in size {size}?
- [I am sorry|Sorry], in {colour} we only have size {size2}. [In {size} I have|For size {size} there is] {colour2}.
- [Then|Good, then] I take {colour2}. What does it cost?
- The {garment} is {price} dollars, with a matching {garment2} {price2} dollars.
? [Can I bring it back|May I change it later]? / [Yes|Of course], until {date}.
2 [How much is it alone|What does it cost without the other thing]? / The {garment} alone is {price} dollars.
2 [And how much for both|What do I pay for both things]? / Both are {price2} dollars.
2 [Which colour am I getting now|What colour did I choose]? / You chose {colour2}.
2 [And is it really my size|Which size are you packing]? / It is size {size}.
- [Good, I take it alone.|Fine, just that, please.]
- [One|So one] {colour2} {garment}, {price} dollars, please.
< price price2

shoes
- [Good afternoon|Hello], I need shoes in size {shoe}, {colour} or {colour2}.
- [We have them|There are some] in {colour2}, for {price} dollars.
- [They are too small|These hurt a bit], can I try {shoe2}?
- [Here you are|Please], and they cost {price2} dollars in leather.
- [Great|Good], these fit. [Keep them for me|I get them later], my name is {person}.
- [My colleague|The man over there], {person2}, [keeps them|puts them aside] until {time}.
2 [Which size did fit me|What size was right]? / Size {shoe2} was right.
2 [What colour are they|Which colour did you have]? / They are {colour2}.
2 [Who has them then|Whom do I ask for]? / Ask for {person2}.
2 [How long do you keep them|When do I have to be back]? / We keep them until {time}.
- [Thank you, see you later.|Fine, until later.]
- See you later, {person}.

grocery
- [Good morning|Hello], {kilos} kilos of {fruit}, please.
- [Here they are|Of course]. [Anything else|What else can I give you]?
- [Yes|And] {kilos2} kilos of {fruit2}[, please|].
- [We also have|There are also] fresh {fruit3} today.
? [No, thanks|Not today]. Oh, make it {+kilos} kilos of {fruit}. / [Gladly|No problem], I put it into the bag.
2 [How many kilos of {fruit} do I have|How much {fruit} is that]? / You have {kilos} kilos of {fruit}.
2 [How many kilos of {fruit2} was it|How much {fruit2} do I get]? / It is {kilos2} kilos of {fruit2}.
2 [And what did you say is fresh|What else was there]? / We have fresh {fruit3}.
- [That is all.|Nothing more, thanks.]
- [So|That makes] {kilos} kilos of {fruit} and {kilos2} kilos of {fruit2}.

present
- [Can you help me|Hello], I need a present for my {relative}, and one for my {relative2}.
- [What does your {relative} like|What is the hobby of your {relative}]?
- [Mostly|It is] {hobby}. [And the other one|The other one] likes {hobby2}.
- [Then take|I would give] a nice {gift} to one, and a {gift2} to the other.
? [Does this cost much|How much is that]? / [Together|Both cost] {price} dollars.
2 [What was your idea for my {relative}|And for my {relative}]? / For your {relative} a nice {gift}.
2 [What shall I give my {relative2}|And for my {relative2}]? / For your {relative2} a {gift2}.
2 [Do you remember the hobbies|What did I say they like]? / Your {relative} likes {hobby}, your {relative2} {hobby2}.
- [I take both.|Good ideas, I buy both.]
- Wonderful, [have fun giving them|I wrap them] for your {relative} and your {relative2}.

order
- [Hello|Hi], my order {code} has not come yet.
- [I am sorry|Oh]. [What did you order|What is in it]?
- A {colour} {furniture}, on {date}. [And a|Also a] {furniture2} with the number {code2}.
- The {furniture} [comes|arrives] on {day}, the {furniture2} on {day2}.
? [I am not at home then|That is bad], can the {furniture} come on {+day}? / [Yes|Of course], it is changed.
2 [When does the {furniture} come|Which day was it for the {furniture}]? / The {furniture} comes on {day}.
2 [When does the {furniture2} come|And the {furniture2}]? / The {furniture2} comes on {day2}.
2 [When did I order it|What date is on the order]? / You ordered on {date}.
2 [Which number has the {furniture}|What is the number of the {furniture}]? / It has the number {code}.
- [Thanks, my name is {person}, by the way.|Good. I am {person}.]
- Goodbye, {person}, your {colour} {furniture} is on its way.

delivery
- [I'd like|I want] this {furniture}, can you bring it?
- [Yes|Sure]. [To which street|Where to]?
- {street}, on the {floor} floor. But [the bill goes|send the bill] to {street2}, {floor2} floor.
- [We can come|There is time] on {day} at {time}.
? [That is too early|I work then], better at {+time}. / [Fine|Good], I have changed the time.
2 [Where do you bring it|Which address do you drive to]? / We bring it to {street}.
2 [Where does the bill go|Which address is on the bill]? / The bill goes to {street2}.
2 [What time will you come|At what time was it]? / We come at {time}.
2 [Do you carry it up|How far up do you carry it]? / Yes, up to the {floor} floor.
- [Perfect, thanks.|Good, see you then.]
- [See you|Until then,] on {day} with the {furniture}.
"""
