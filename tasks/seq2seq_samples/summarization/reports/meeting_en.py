"""English report templates about meetings; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
moved
^ The yearly meeting of {company} cannot take place on {date}.
- Secretary {person} wrote that the meeting will be held in {town} on {date2} instead.
~ The meeting of {company2} will be held on {date3}, as planned.
~ Last year {amount} people came to the meeting.
~ The hotel in {town2} was already full.
< date date2
= {company} will hold its yearly meeting in {town} on {date2}.

money
^ On {date}, the board of {company} met to talk about {topic}.
- It was agreed to spend {amount} dollars, and {person} will lead the work.
~ Board member {person2} had asked for {amount2} dollars.
~ A vote about {topic2} was put off until {date2}.
~ Last year {amount3} dollars had been spent.
= Under {person}, {company} will spend {amount} dollars on {topic}.

election
- The members of {company} elected {person} as head of the board.
+ In the vote, {person} got {amount} votes.
> The other candidate, {person2}, got {amount2}.
> The former head, {person3}, retires on {date}.
> The first vote at {time} had brought no result.
< amount2 amount
= {person} was elected head of the board of {company} with {amount} votes.

room
^ The meeting about {topic} has a new time and place.
- The staff of {company} will meet at {time} in room {sum}, not in room {sum2}.
~ The first invitation had said {time2}.
~ Coffee is served in room {sum3}.
~ Questions should be sent to {person}.
= The meeting about {topic} at {company} begins at {time} in room {sum}.

online
- Because of a train strike, {company} will hold its meeting about {topic} online.
+ The call begins at {time} on {date} and will be led by {person}.
> Notes will be taken by {person2}.
> The next call is planned for {date2}.
> The room in {town} had been booked from {time2}.
= {person} will lead the online meeting of {company} at {time} on {date}.

recalled
- As too few members had come, chairwoman {person} called off the meeting of {company} on {date}.
+ A new meeting about {topic} was called for {date2} at {time}.
> Some members had not come before {time2}.
> Only {person2} had read all the papers.
> At {company2} the same thing happened on {date3}.
< date date2
= {person} called a new meeting of {company} for {date2} at {time}.

factory
- On {date}, the heads of {company} and {company2} met in {town}.
+ They agreed to build a factory in {town2} for {sum} million dollars.
> Talks with {company3} had failed on {date2}.
> A place near {town3} had been too small.
> A first plan had cost {sum2} million dollars.
= {company} and {company2} will build a factory in {town2} for {sum} million dollars.

bonus
- After talks until {time}, {company} agreed to pay its workers a bonus of {amount} dollars.
+ The money will be paid on {date}, said {person} of the union.
> At first the union had asked for {amount2} dollars.
> The first talks on {date2} had failed.
> The workers of {company2} got {amount3} dollars.
< amount amount2
= Workers of {company} will get a bonus of {amount} dollars on {date}.

council
^ On {date}, the council of {town} met until late at night.
- The members decided to build {plan}, which will cost {sum} thousand dollars.
~ Council member {person} would have liked {plan2}.
~ The same thing cost {sum2} thousand dollars in {town2}.
~ A plan for {plan2} will be discussed on {date2}.
= The council of {town} will build {plan} for {sum} thousand dollars.

speaker
- At the conference in {town}, {person} of {company} will give the first talk at {time}.
+ The talk is about {topic}.
> Later, {person2} of {company2} will speak at {time2}.
> The hall has {sum} seats.
> At first {person3} had been invited.
< time time2
= {person} of {company} will open the conference in {town} at {time}.
"""

PASSING = """
~ Lunch for all guests cost {amount8} dollars.
~ Guests came from {company8}, among them {person8}.
~ The train to {town8} leaves at {time8}.
~ The notes of {date8} were read aloud.
~ On the table lay a report of {sum8} pages.
~ The canteen of {company8} is closed on {date8}.
"""
