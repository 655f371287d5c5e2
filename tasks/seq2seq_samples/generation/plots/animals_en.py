"""English plots about animals; see `seq2seq_samples.generation.grammar` for the notation."""

TABLE = """
the flatterer and the bird
@ hero: hunter
@ friend: bird
- <when>, {hero} the <small> {hero kind} <went> <how> <near> a <old> {wild}.
- In [a|the] <old> {tree} {friend}, a <small> {friend kind}, <how> [guarded|held|nibbled] a <nice> {food}.
- "<oh>, {friend}, what <nice> <part>!" [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>].
? "Is your [song|voice|tune|call|music|whistle] as <nice> as your [nest|tree|nose|branch|beak|family]?" [<asked>
  {hero} <kindly>|{hero} <asked> <kindly>|{hero} <how> <asked>].
- "[Sing|Whistle|Hum] [me|us] a <nice> [song|tune], {friend}," [<thought> {hero} <kindly>|{hero} <thought>
  <kindly>|{hero} <how> <thought>].
a <very> <glad>, {friend} <how> [sang|whistled] {number} [songs|notes]; <how> {hero} [caught|took|ate] the <nice>
  {food}.
a {friend} was <very> <glad> and [bowed|danced] <how>. The {food} fell <near> {hero}, who <how> <went> [away|home]
  with it.
a But {friend} <how> [hid|laid] the {food} <near> a <old> [leaf|branch|nest]. "<oh>, {hero}, I [sing|whistle] after
  [supper|lunch|breakfast]," [<answered> {friend} <kindly>|{friend} <answered> <kindly>|{friend} <how> <answered>].
--
b <soon> {friend} was <very> <sad>, and {hero} <went> [home|away] <how>.
b <very> <sad>, {hero} <how> <went> to {village}, and {friend} ate {fruit} <how>.
b Since then {friend} <how> counts {number2} {fruit} before {friend he} <how> [greets|answers] {hero}.
? <soon> {hero} and {friend} <how> shared {number3} {fruit} <near> the {wild2}.
- A <nice> word, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], [may|can|did] cost a
  <nice> {food}.

the race
@ hero: quick
@ friend: slow
- "{friend}, you [are|look|seem] <very> [slow|late|lame]!" <said> the <small> {hero kind} {hero} <loudly>.
- "[Race|Beat|Follow|Chase] me to the <old> {tree}, {hero}," <answered> {friend} the <small> {friend kind} <kindly>.
- <when>, a <small> <bird> <how> counted [to|up to] {number}, [and|then] {hero} <went> off <how>.
a <near> the <old> {wild} {hero} <how> [lay|sat] down and ate {number2} <nice> {fruit}.
a <near> the <old> {wild} {hero} <how> [danced|boasted|chatted] with a <small> <beast> from {village}.
a <near> the <old> {wild} {hero} <how> turned aside to [see|smell|pick] a <nice> <colour> {flower}.
? <very> <glad>, {hero} <how> hummed a [song|tune].
- But {friend} <how> <went> past the <old> {wild2}.
--
- <soon> {hero} <went> <how> to the <old> {tree}: there {friend} <how> [ate|sorted|peeled|counted] {fruit2}.
- "<oh>, {friend}, [how|when|where] did you [win|do it|pass me]?" [<asked> {hero} <kindly>|{hero} <asked>
  <kindly>|{hero} <how> <asked>].
- "[Step by step|Slowly|Little by little|Without a nap], {hero}," [<answered> {friend} <kindly>|{friend} <answered>
  <kindly>|{friend} <how> <answered>].
b {friend} won {number4} <nice> {fruit}.
b <very> <sad>, {hero} <how> <went> home to {village}.
b Since then {hero} <how> greets {friend} [every|each] <weather> <weekday>.
- <small> feet, <said> the <bird> <kindly>, [pass|beat|outrun|leave behind] <nice> [words|boasts|plans].

two on the bridge
@ hero: stubborn
@ friend: stubborn
- <when>, {hero} the <small> {hero kind} <went> <how> onto a <old> <colour> bridge with {number} {fruit}.
- {friend}, a <small> {friend kind} from {village}, <how> [came|walked|stood] [opposite|in front|ahead] [with|and had]
  {number2} <nice> {thing}s.
- "<oh>, {friend}, let me pass!" [<said> {hero} <loudly>|{hero} <said> <loudly>|{hero} <how> <said>]. "<oh>, {hero},
  [after me|you first|go back]!" [<answered> {friend} <loudly>|{friend} <answered> <loudly>|{friend} <how>
  <answered>].
a {hero} <how> [pushed|pulled], {friend} <how> [pulled|pushed|stamped], and <soon> {number} {fruit} and {number2}
  {thing}s swam <how> to {village}.
a <soon> {friend} <how> lay down. "[Climb|Step] over me, {hero}, but <how>," [<said> {friend} <kindly>|{friend} <said>
  <kindly>|{friend} <how> <said>].
a {hero} <how> sat down, {friend} <how> [sat|lay] down too, and <soon> a <weather> <weekday> passed.
--
b <very> <sad>, {hero} and {friend} <how> [sat|rested] <near> a <old> {tree} and shared {number3} {fruit2}.
b "<oh>, {friend}, next <weekday> I [wait|step back]," [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how>
  <said>] and gave {friend him} {number3} {fruit2}.
b Since then {hero} <how> [whistles|sings|calls] <near> the bridge, and {friend} <how> answers.
? <soon> {village} built {number4} <nice> bridges <near> the <old> {wild}.
- A <nice> word, <said> a <small> <bird> <kindly>, [is wider than|is stronger than|beats|outlasts] a <old> bridge.

the new neighbour
@ hero: beast
@ friend: stranger
- <when>, {friend} the <small> {friend kind} <went> <how> to {village} and rented a <old> <colour> {wild}.
- "<oh>, a {friend kind}! My <nice> {fruit}!" <thought> {hero}, a <small> {hero kind}, <loudly>.
? <very> <sad>, {hero} <how> hid {number} {fruit} <near> the <old> {furniture}.
- <soon> a <weather> [storm|wind|gale] <how> [broke|tore|took] {hero pos} <old> {furniture2} and {number2} <nice>
  {thing}s.
- "<oh>, {hero}, [may|can] I help?" [<asked> {friend} <kindly>|{friend} <asked> <kindly>|{friend} <how> <asked>].
a {friend} <how> mended the <old> {furniture2}, and {hero} <how> held a <nice> {thing2}.
a {friend} <how> cooked a <nice> {sort} [soup|stew], and {hero} <how> ate {number3} bowls.
--
b "<oh>, {friend}, I saw only your <nice> <part>," [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how>
  <said>].
b <very> <glad>, {hero} <how> baked {friend} a <nice> {sort2} cake with {number3} {flower}s.
- [Now|Today] {hero} and {friend} <how> [share|polish] a <old> {furniture3} <near> the <old> {wild2}, [every|each]
  <weather> <weekday>.
- [Greet|Meet|Treat] a <small> [neighbour|stranger|newcomer] <how>, [<said> {friend} <kindly>|{friend} <said>
  <kindly>|{friend} <how> <said>], and [judge|fear] <how>.

the moon in the pond
@ hero: hunter
@ friend: water
- One <weather> night in <month>, {hero} the <small> {hero kind} <went> <how> to a [pond|pool|ditch] <near> {village}.
- In it <how> [lay|shone|swam] a <nice> <colour> [thing|disc|shape]. "<oh>, my <nice> {food}!" [<thought> {hero}
  <loudly>|{hero} <thought> <loudly>|{hero} <how> <thought>].
? {hero} <how> [threw|dropped] a <nice> {thing} at it, [and it broke|which broke] into {number} <nice>
  [pieces|parts|bits].
- "<oh>, {hero}, what [is it|now]?" <asked> {friend}, a <small> {friend kind}, <kindly>.
- "I [drink|empty] it, {friend}, <how>," [<answered> {hero} <loudly>|{hero} <answered> <loudly>|{hero} <how>
  <answered>].
a {hero} <how> [drank|emptied|swallowed] {number2} [buckets|barrels|jugs] and [was|felt] <very> <sad>.
a {hero} <how> drank until a <old> {thing2} and {number2} <old> {cloth}s lay there, but no <nice> {food}.
- "<oh>, {hero}, look [up|higher]," [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>]: <near>
  the <old> {tree} [stood|hung|shone] the <nice> moon.
--
b <very> <sad>, {hero} <how> ate {number3} {fruit} with {friend} <near> the <old> {wild}.
b {friend} <how> gave {hero} {number3} <nice> {fruit}, and {hero} <how> gave {friend} a <nice> {thing3}.
b Since then {hero} <how> greets the <nice> moon and eats {number3} <nice> {fruit}.
- Not every <nice> <colour> thing, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], is a
  <nice> {food}.

the bell for the cat
@ hero: mouse
@ friend: mouse|rat
- <near> {village} in a <old> {wild} {number} <small> mice lived <how> with a <small> <colour> cat.
- <when>, {hero} the <small> {hero kind} <how> [climbed|jumped|got] onto a <old> {furniture}.
- "<oh>, a <nice> bell for the <small> cat!" [<said> {hero} <kindly>|{hero} <said> <kindly>|{hero} <how> <said>].
? <very> <glad>, {number} mice <how> [danced|clapped] <near> the <old> {furniture2}.
- "<oh>, {hero}, and who [does|dares] [it|that]?" <asked> {friend}, a <small> {friend kind}, <kindly>.
a It [grew|was|became] <very> [quiet|still|silent]. {hero} <how> counted {number2} {fruit}, and {friend} <how>
  [combed|scratched] a <nice> ear.
a "I do, {friend}," [<answered> {hero} <kindly>|{hero} <answered> <kindly>|{hero} <how> <answered>], but <how> {hero
  his} <small> [knees|legs|paws] [shook|trembled].
--
b One <weather> night {hero} <how> hid it in a <nice> {food}, and the <small> cat <how> swallowed both.
b One <weather> night {friend} <how> [tied|put|fixed] it on [with|by] a <nice> <colour> [ribbon|string|thread],
  [and|while] {hero} <how> held a <nice> {thing}.
b [On this|To this|Since that] <weather> <weekday> no [bell|<nice> bell] [rings|sounds] <near> the <old> {furniture},
  and {hero} <how> hides from the <small> cat.
? Since then {hero} and {friend} <how> share {number3} <nice> {fruit} [every|each] <weather> <weekday>.
- A <nice> plan, [<said> {friend} <kindly>|{friend} <said> <kindly>|{friend} <how> <said>], needs a <small>
  [paw|hand].
"""
