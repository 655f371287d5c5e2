"""English report templates about deliveries; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
truck
- On {date}, a truck brought {amount} {item} to {company} in {town}.
> Before that, an order of {amount2} {item2} had been cancelled.
> The driver, {person}, had started in {town2} at {time}.
> The firm {company2} is still waiting for {amount3} {item3}.
> Another truck is expected on {date2}.
= {company} in {town} received {amount} {item} on {date}.

lost_parcel
^ A parcel from {town} to {person} got lost on its way.
- At {time} on {date2}, the parcel was found and handed to {person}.
~ The parcel service had promised {date}.
~ By mistake, the driver had first left the parcel with {person2}.
~ The van had already passed through {town2} at {time2}.
< date date2
= {person} received the lost parcel from {town} at {time} on {date2}.

part
- The shop {company} had ordered {amount2} {item}, but only {amount} arrived on {date}.
+ The rest will follow on {date2}, promised {person} of {company2}.
> The {amount3} {item2} of another order were complete.
> Clerk {person2} had counted the boxes twice.
> At {company3} nothing was missing.
< amount amount2
< date date2
= Only {amount} of the {amount2} {item} for {company} arrived on {date}.

wrong_turn
- A truck with {amount} {item} for a shop in {town} drove to {town2} by mistake.
+ The goods reached the shop at {time2}, said driver {person}.
> The shop had expected the goods at {time}.
> A second truck with {amount2} {item2} came as planned.
> The right road leads over {town3}.
< time time2
= The {amount} {item} for {town} first went to {town2} and arrived at {time2}.

hospital
^ The hospital of {town} had asked for help.
- The company {company} sent {amount} {item}, which arrived at {time}.
~ The hospital of {town2} needs nothing at the moment.
~ Another company, {company2}, could offer only {amount2} {item2}.
~ Nurse {person} had waited since {time2}.
= {company} delivered {amount} {item} to the hospital of {town} at {time}.

refund
- As the {item} had arrived broken, {company} gave {amount} dollars back to {person}.
+ The money was sent on {date2}.
> The whole order had cost {amount2} dollars.
> The goods had been on their way since {date}.
> The {item2} for {person2} arrived without damage.
< amount amount2
< date date2
= {person} got {amount} dollars back from {company} for broken {item}.

price
- From {date} on, {company} asks {amount} dollars for a load to {town}.
+ The reason is [a new road toll|the price of fuel].
> Until then the price is {amount2} dollars.
> A load to {town2} costs {amount3} dollars, as before.
> The drivers of {company2} will decide on {date2}.
< amount2 amount
= A load to {town} with {company} will cost {amount} dollars from {date}.

drone
^ For the first time, a drone has carried goods over the lake.
- The drone of {company} flew from {town} to {town2}, where it landed at {time2}.
- On board were {item} for {person}.
~ The drone had started at {time}.
~ A first test near {town3} had failed on {date}.
~ The flight cost {amount} dollars.
< time time2
= At {time2}, a drone of {company} brought {item} to {person} in {town2}.

ship
- A ship with {amount} {item} reached the port of {town} on {date2}.
+ The goods had been ordered by {company}.
> The ship had left {town2} on {date}.
> Another ship with {amount2} {item2} is still at sea.
> Captain {person} spoke of a quiet journey.
< date date2
= A ship brought {amount} {item} for {company} to {town} on {date2}.

changed_order
^ At first {person} had ordered {amount2} {item2} from {company}.
- Two days later the order was changed to {amount} {item}.
+ The goods arrived in {town} on {date}.
~ The warehouse in {town2} still had {amount3} {item2}.
~ Clerk {person2} sent the bill on {date2}.
~ A similar order came from {company2}.
= {person} received {amount} {item} from {company} on {date}.
"""

PASSING = """
~ At the bridge, all drivers had to wait until {time8}.
~ A van of {company8} broke down near {town8}.
~ In {town8}, {person8} has opened a new post office.
~ Road tolls cost {amount8} dollars in all.
~ The warehouse opens at {time8}.
~ Last year {company8} carried {amount8} {item8}.
"""
