"""English report templates about ball games; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
final
^ The cup final was played in {town} on {date}.
- After a strong last quarter, {team} beat {team2} {score}.
~ At half-time the score had been {half}.
~ At their last meeting on {date2}, the score had been {score2}.
~ Coach {person} changed three players during the break.
= {team} beat {team2} {score} in the final in {town}.

comeback
- At the break {team2} led {half}, but {team} won the game {score}.
- Coach {person} had told the players of {team} to [shoot more often|run faster].
> A week ago {team3} lost to {team2} {score2}.
> Coach {person2} of {team2} [was disappointed|left the hall without a word].
> The bus of {team2} had come late, at {time}.
= {team} came back to beat {team2} {score} under coach {person}.

last_shot
- Seconds before the end, {person} scored the winning points for {team}.
+ The game against {team2} ended {score}.
> Shortly before, {person2} had missed a free throw.
> The first half ended {half}.
> The winner will play {team3} on {date}.
= {person} scored the winning points as {team} beat {team2} {score}.

first_place
- By beating {team2} {score} on {date}, {team} went up to first place in the league.
> The former leaders, {team3}, lost {score2} and are now second.
> The league goes on until {date2}.
> Captain {person} played from the first minute to the last.
= {team} lead the league after beating {team2} {score} on {date}.

postponed
^ Basketball fans in {town} have to wait.
- The game between {team} and {team2} was moved from {date} to {date2} because [the roof leaks|the lights failed].
~ The game of {team3} will be played on {date3} as planned.
~ The hall has seats for {amount} people.
~ Captain {person} said that the players are training at home.
< date date2
= {team} and {team2} will not play on {date} but on {date2}.

transfer
- Guard {person} is leaving {team2} and will play for {team} from {date}.
+ The new club pays {sum} thousand dollars for the player.
> Another club, {team3}, had offered {sum2} thousand dollars.
> Centre {person2} will stay with {team2}.
> The old contract ran until {date2}.
= {person} moves from {team2} to {team} for {sum} thousand dollars.

injury
- In the game against {team2}, {person} of {team} hurt a knee and cannot play before {date}.
> The doctor had first spoken of {date2}.
> The free place goes to young {person2}.
> Even so, {team} won the game {score}.
> At {team3}, {person3} is injured as well.
= {person} of {team} is injured and cannot play before {date}.

new_coach
- {team} have named {person} as their new coach.
+ The contract begins on {date} and pays {thousands} dollars a month.
> The old coach, {person2}, left after a defeat against {team2}.
> Before that, {person3} of {team3} had refused the job.
> The old coach had earned {thousands2} dollars.
= {person} will coach {team} from {date} for {thousands} dollars a month.

crowd
- A record crowd of {thousands} came to see {team} and {team2} in {town}.
+ The game was won {score} by {team}.
> The old record was {thousands2}.
> At half-time the score was {half}.
> Tickets had been sold out since {date}.
< thousands2 thousands
= Before a record crowd of {thousands}, {team} beat {team2} {score}.

extra_time
^ The handball match in {town} [needed extra time|was not decided after sixty minutes].
- In extra time, {team} won {goals} against {team2}.
~ On {date}, a game of the same teams had ended {goals2}.
~ Goalkeeper {person} stopped seven balls.
~ In the other hall, {team3} won {goals3}.
= {team} beat {team2} {goals} in {town} after extra time.
"""

PASSING = """
~ In another game, {team8} beat {team9} {score8}.
~ Tickets for the next game go on sale on {date8}.
~ Referee {person8} had a quiet evening.
~ Some {amount8} fans came by train from {town8}.
~ The doors of the hall opened at {time8}.
~ The company {company8} paid {amount8} dollars for new shirts.
"""
