"""English report templates about the weather; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
storm
^ A strong storm is crossing the north of the country.
- Forecaster {person} expects the storm to reach {town} at {time}, with gusts of {wind} km/h.
~ The neighbouring town of {town2} will only get [light rain|a little rain].
~ An earlier forecast had said {time2}, but it has been corrected.
~ Last winter a storm reached {town3} with gusts of {wind2} km/h.
= The storm will reach {town} at {time} with gusts of {wind} km/h.

record_rain
- On {date}, the station in {town} recorded {rain} mm of rain, [a new record|more than ever before].
- Mayor {person} asked the people of {town} to stay away from the river.
> The old record for the region was {rain2} mm.
> In {town2}, on the other side of the hills, it rained for an hour only.
> Heavy rain had also been expected on {date2}, but it never came.
< rain2 rain
= Record rain of {rain} mm fell on {town} on {date}.

heat
^ The hot days are not over yet.
- According to the weather office, the hottest place on {date} will be {town} with {degrees} degrees.
~ Yesterday the hottest place was {town2} with {degrees2} degrees.
~ On the coast, {town3} will stay below {degrees3} degrees.
~ Doctor {person} asks old people to [stay indoors|drink enough water].
= Forecasters expect {degrees} degrees in {town} on {date}, the most in the country.

fog
^ Thick fog stopped all flights at the airport of {town} this morning.
- The airport opened again at {time2}, and {amount} passengers had to wait until then.
~ The airport of {town2} worked as usual.
~ The airlines had first hoped to start at {time}.
~ On the roads nearby, {amount2} cars stood in line.
< time time2
= Fog closed the airport of {town} until {time2} and delayed {amount} passengers.

snow
^ Snow has blocked many roads in the mountains.
- The road from {town} to {town2} will stay closed until {date2}, said {person} of the road office.
~ The pass near {town3} was opened again on {date}.
~ On the top of the pass, {rain} cm of snow fell in one night.
~ About {amount} workers are clearing the roads.
< date date2
= The road from {town} to {town2} is closed by snow until {date2}.

flood
- At {time}, the river broke its banks near {town}, and {amount} people had to leave their homes.
+ Those who left are now staying in the sports hall of {town2}.
> A flood last year drove {amount2} people from their homes.
> In {town3} the water stayed below the walls.
> Firefighter {person} saved an old man at {time2}.
< time time2
= After a flood near {town}, {amount} people are staying in {town2}.

warning
- The storm warning for {town} ended at {time2}.
- The danger has passed, said {person}, the head of the weather office.
> The warning had been given at {time}.
> For {town2} on the coast, the warning will stay in force until {date}.
> The deputy, {person2}, had wanted to wait for one more day.
< time time2
= {person} announced that the storm warning for {town} ended at {time2}.

drought
^ It has not rained in the south for many weeks.
- From {date} on, each house in {town} may use only {sum} litres of water a day.
~ Last year the limit was {sum2} litres.
~ The water of {town2} comes from a lake, so there is no limit.
~ Council member {person} had asked to begin on {date2}.
= Because of the drought, {town} limits water to {sum} litres from {date}.

lightning
- Lightning struck the power station of {town} at {time}, and {amount} homes lost electricity.
+ Engineer {person} and a small team brought the power back at {time2}.
> In {town2} the lights stayed on.
> The lightning also damaged an empty barn in {town3}.
> The storm cut {amount2} telephone lines as well.
< time time2
= Lightning left {amount} homes in {town} without power until {time2}.

festival
- Because of rain, the summer festival of {town} was moved from {date} to {date2}.
+ The first concert begins at {time}, said [organizer|manager] {person}.
> The festival of {town2} ended on {date3} in bright sunshine.
> So far {amount} tickets have been sold.
> The gates of the festival will close at {time2}.
< time time2
< date date2
= The festival of {town} was moved to {date2} and begins at {time}.
"""

PASSING = """
~ Thunder was heard in the hills at {time8}.
~ In {town8}, the market was held as usual.
~ Farmer {person8} lost {sum8} apple trees.
~ The weather station on the hill lies at {sum8} metres.
~ Tourists in {town8} bought {sum8} umbrellas.
~ A year ago, on {date8}, it was warm and dry.
~ The ferry to {town8} will leave at {time8}.
"""
