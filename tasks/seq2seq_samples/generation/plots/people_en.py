"""English plots about people; see `seq2seq_samples.generation.grammar` for the notation."""

TABLE = """
the lost thing
@ hero: folk
@ friend: craft
- {hero} the <small> {hero kind} had a <nice> <colour> {thing} from {village}.
- <when>, it was [gone|lost|missing], [and|so] {hero} [was|felt] <very> <sad>.
* <how> {hero} [searched|looked|felt] <near> a <old> {furniture} [and|but only] <found> {number} <nice> {fruit}.
* <how> {hero} <went> to a <old> {wild} and asked a <small> <bird>.
? <near> the <old> {furniture2} {hero} <how> found a <nice> {thing2}, but no {thing}.
- "<oh>, {hero}, what do you [seek|want]?" <asked> {friend} the <small> {friend kind} <kindly>.
- "My <nice> {thing}, {friend}," [<answered> {hero} <kindly>|{hero} <answered> <kindly>|{hero} <how> <answered>].
a "Look in your <nice> {cloth}, {hero}," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>].
a {friend} <how> shook {hero pos} <nice> {cloth}, and out fell the <nice> {thing}.
a "<oh>, {hero}, and what [hangs|is] <near> your <nice> ear?" [<said> {friend} <kindly>|{friend} <said>
  <kindly>|{friend} <how> <said>].
--
- <very> <glad>, {hero} <how> baked {friend} a <nice> {sort} pie with {number2} {fruit2}.
- What we <how> seek <near> a <old> {wild2}, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how>
  <said>], [lies|hides] in a <nice> {cloth}.

the lazy farmer
@ hero: grower
@ friend: grower
- <near> {village} {hero} the <small> {hero kind} <how> [slept|dozed|snored] under a <old> {tree}.
- <when>, {friend}, a <small> {friend kind}, <how> [planted|sowed] {number} rows of <nice> {fruit}.
- "<oh>, {hero}, come and [dig|sow|work]!" [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>].
  "On <weekday>, {friend}," [<answered> {hero} <kindly>|{hero} <answered> <kindly>|{hero} <how> <answered>].
? A <weather> <month> passed, and {hero} dreamed <how>.
- In <month> {friend} <how> filled {number2} <old> baskets, but {hero} <how> picked {number3} thistles.
- "<oh>, {friend}, may I [try|have] a few <nice> {fruit}?" [<asked> {hero} <kindly>|{hero} <asked> <kindly>|{hero}
  <how> <asked>].
a "Half is yours, {hero}, if you <how> [dig|work]," [<answered> {friend} <kindly>|{friend} <answered>
  <kindly>|{friend} <how> <answered>].
a {friend} <how> gave {hero} {number4} {fruit} and a <nice> <colour> [spade|rake|hoe].
--
- Next <season> {hero} <how> <went> to the <old> {wild} and <how> sowed {fruit3}.
? Now {hero pos} <nice> {fruit3} are <very> famous in {village}.
? <soon> {hero} <how> brought {friend} {number} <nice> {fruit3} and was <very> <glad>.
- "<weekday>," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], "never fills a <old>
  {furniture}."

the clever tailor
@ hero: tailor|weaver|shoemaker|hatter|furrier|glover
- The <small> [king|queen|duke|mayor] of {village} had {number} <nice> <colour> {cloth}s and was <very> <sad>.
- <when>, a <small> [messenger|servant|soldier] <went> <how> to {hero}, a <small> {hero kind}.
- "<oh>, {hero}, [sew|make] a <nice> {cloth} of [moonlight|mist|wind|smoke]!" <said> the <small> guest <loudly>.
? <very> <sad>, {hero} <how> lay awake.
- [Then|So|Next] {hero} <how> <went> to the <old> [throne|palace|court].
- "<oh>, [give|fetch|bring] me {number2} <nice> [needles|pins|threads] of [rain|shade|fog|thunder|snow|dew]," [<said>
  {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>].
a <small> soldiers <how> searched <near> the <old> {wild}, <small> cooks <near> the <old> {furniture2}.
a For {number3} <weather> days <small> servants <how> [looked|peered|searched] under a <old> {furniture2} and in a
  <old> {wild}.
--
- "<oh>, {hero}, [clever|wise|cunning|skilful] {hero kind}!" <said> the <small> [ruler|master] <kindly>.
b Now {hero} <how> sews a <nice> <colour> {cloth} every <weather> <weekday>.
b <very> <glad>, {hero} <how> took {number4} coins and <went> home.
- A <small> question, [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>], may answer a <nice> order.

the purse at the market
@ hero: folk
@ friend: craft
- <when>, {hero} the <small> {hero kind} <how> brought {number} <nice> {fruit} to the [market|fair] [of|in|at]
  {village}.
- <near> a <old> {furniture} {hero} <how> <found> a <nice> {colour} purse with {number2} coins.
? "<oh>, a <nice> {thing} and a <nice> {cloth} for me!" [<thought> {hero} <kindly>|{hero} <thought> <kindly>|{hero}
  <how> <thought>].
- "<oh>, [my <nice>|my own <nice>|this <nice>] [purse|money bag]!" <said> {friend}, a <small> {friend kind}, <loudly>.
- "<oh>, [what colour is it|how does it look|tell me its colour], {friend}?" [<asked> {hero} <kindly>|{hero} <asked>
  <kindly>|{hero} <how> <asked>]. "{colour}, {hero}, with {number2} coins," <answered> {friend} <how>.
a {hero} <how> gave {friend} the <nice> purse and <how> counted {number2} coins.
a "<oh>, {friend}, take it <how>," [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>], with {hero
  his} own <old> [pockets|hands|baskets] empty.
--
b {friend} was <very> <glad> and <how> bought {number3} <nice> {fruit}.
b On <weekday> {friend} <how> brought {hero} a <nice> <colour> {thing2} from a <old> {wild}.
b <soon> {hero} and {friend} <how> opened a <nice> shop for {fruit2} and <nice> {thing2}s.
- An honest {hero kind}, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], is worth {number4}
  <nice> {thing3}s.

the storm
@ hero: fisher|lighthouse keeper|miller|ferry keeper|pilot|net maker
@ friend: fisher|sailor|shepherd|pedlar|painter|cook
- {hero}, a <small> {hero kind}, lived <how> in a <old> <colour> house <near> {village}.
- <when>, a <colour> cloud <how> [came|rose|rolled] over the <old> {wild}.
- Far out {friend}, a <small> {friend kind}, <how> rowed a <old> <colour> boat [full of|with|heavy with] {fruit}.
? "<oh>, the <weather> [wind|sea|waves]!" <said> a <small> <craft> <loudly>.
a {hero} <how> carried {number} <nice> lamps to a <old> {wild2} and <how> waved a <nice> {cloth}.
a {hero} <how> beat a <old> {thing} and sang <how> <near> a <old> {wild2}.
a {hero} <how> took a <nice> rope and <how> <went> into <old> waves.
- <soon> {friend} <how> [turned|swung] the <old> boat and <how> [reached|made for] {village}, <sad> but <glad>.
--
- "<oh>, {hero}, [many thanks|thank you]!" [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>].
? "Sit <near> the <old> {furniture2}, {friend}, and eat," [<answered> {hero} <kindly>|{hero} <answered>
  <kindly>|{hero} <how> <answered>].
b Since then {friend} <how> brings {hero} {number2} <nice> {fruit2} every <weather> <weekday>.
b They <how> shared {number2} <nice> {fruit} and <how> told tales of {village2}.
- A <small> lamp, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], is [longer|stronger] than
  a <weather> night.

the wish
@ hero: folk
- <when>, {hero} the <small> {hero kind} <how> <found> a <nice> <colour> [fish|frog|toad|swan] <near> a <old> {wild}.
- "<oh>, {hero}, [free|spare|save|pity] me, and [a|one|this] <nice> [wish|dream|hope] is [yours|granted]!" <said> the
  <small> [creature|animal|being] <kindly>.
- "[A|Or a|Perhaps a] <old> [castle|palace|tower]? {number} <nice> {thing}s? A <nice> <colour> {cloth}?" [<thought>
  {hero} <kindly>|{hero} <thought> <kindly>|{hero} <how> <thought>].
? <how> {hero} asked a <small> <craft> of {village}. "Take {number2} <nice> {thing2}s," [was the <small> answer|came
  the answer|said somebody].
a But <near> a <old> {furniture} {hero pos} <small> [mother|sister|brother|donkey] <how> coughed. "[Heal|Help] the
  <small> one," [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>].
a But <very> <sad> <folk>s <how> <went> through {village}. "[Give|Bring|Fetch] us <nice> {fruit}," [<said> {hero}
  <kindly>|{hero} <said> <kindly>|{hero} <how> <said>].
a "<oh>, [little one|small friend|dear creature], [swim|go|live] <how> and be <glad>," [<said> {hero} <kindly>|{hero}
  <said> <kindly>|{hero} <how> <said>].
- A <nice> <colour> [light|glow|star] <how> [shone|gleamed|burned] <near> the <old> {wild}, and {hero} was <very>
  <glad>.
--
b On <weekday> {hero} <how> <found> {number3} <nice> {fruit2} and a <nice> {thing3} <near> a <old> {furniture2}.
b {hero} <how> <went> home to {village}, ate {number3} <nice> {fruit2} and slept <how>.
b <very> <glad>, a <small> <craft> <how> brought {hero} a <nice> {thing3} from {village}.
- A <nice> wish, [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>], is for a <small>
  [friend|neighbour|stranger].

the seed
@ hero: child|pupil|orphan|apprentice
@ friend: folk
- <when>, {friend} the <small> {friend kind} <how> gave {number} children of {village} a <small> seed.
- "Grow me a <nice> {flower}," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], "for a
  <nice> {thing}."
- {hero}, a <small> {hero kind}, <how> [watered|minded|filled] a <old> [pot|bowl|box] <near> the <old> {furniture},
  and <how> the <small> seed slept.
? "<oh>, {hero}, buy a <nice> {flower2}," <said> a <small> <craft> <kindly>. But {hero} <how> said no.
- In <month> {number2} <nice> {flower}s <how> came to {friend}, and {hero} with a <old> <colour> pot.
- "<oh>, {hero}, where is your <nice> {flower}?" [<asked> {friend} <kindly>|{friend} <asked> <kindly>|{friend} <how>
  <asked>].
- "It <how> slept, {friend}," [<answered> {hero} <kindly>|{hero} <answered> <kindly>|{hero} <how> <answered>].
--
- "[So did|As did|Like|So slept] {number} [boiled|cooked|roasted] [seeds|grains], [honest|truthful|upright|brave]
  {hero}," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>].
? <very> <glad>, {hero} <how> took the <nice> {thing} home to a <old> {wild}.
? <soon> {hero} <how> became a <small> {friend kind} <near> a <old> {wild}.
- A <old> pot with truth, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], beats {number2}
  <nice> {flower}s.

the broken pot
@ hero: potter|glazier|carpenter|baker|mason|weaver
@ friend: apprentice|servant|pupil|cook
- {hero} the <small> {hero kind} had a <nice> <colour> [jug|vase|bowl] from {village}.
- <when>, {friend}, a <small> {friend kind}, <how> [danced|jumped] <near> a <old> {furniture}, [and it broke|which
  broke] into {number} <small> [pieces|parts|bits].
? "<oh>, I [blame|suspect] a <small> <bird>," <thought> {friend} <how> and was <very> <sad>.
a {friend} <how> hid them <near> a <old> {tree}, but <soon> <how> dug up {number} <small> [pieces|parts|bits].
a {friend} <how> ate no <nice> {food} and <how> <went> to the <old> {wild}, but <soon> came back.
- "<oh>, {hero}, I broke it," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>].
- "I broke a <nice> {thing}, {friend}, as a <small> pupil," [<answered> {hero} <kindly>|{hero} <answered>
  <kindly>|{hero} <how> <answered>].
--
- <how> {hero} and {friend} [joined|fixed|stuck] {number} [pieces|bits] with <nice> <colour> [glue|paste|resin].
b Now {number2} <nice> {flower}s stand in it <how> <near> a <old> {furniture2}.
b Now <small> [guests|strangers|children] <how> come from {village2} [and find|to call] it <very> <nice>.
- [The truth|Honesty|An honest word], [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>], mends a
  <nice> <colour> {thing2}.
"""
