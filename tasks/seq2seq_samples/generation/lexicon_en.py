"""English words and phrases of the sample tales; `seq2seq_samples.generation.lexicon` explains the notation."""

NAMES = {
    "female": (
        "Al Bel Cor Dor El Fen Gret Hal Il Jen Kat Lin Mar Nel Or Pel Ros Sel Tam Ul Ver Wen",
        "a ina ia etta ora lys essa une",
    ),
    "male": (
        "Al Bel Cor Dor El Fen Gret Hal Il Jen Kat Lin Mar Nel Or Pel Ros Sel Tam Ul Ver Wen",
        "o us an ric er old bert mund",
    ),
}
VILLAGES = (
    "Alder Birch Copper Dun Elm Fox Green Hart Kettle Long Mill North Oak Pine Red Stone Thorn Wind Swan Clover",
    "brook wood hill moor bridge ley well field by marsh ford gate ham combe cliff bury",
)

CLASSES = {
    # Characters.
    "hunter": "fox|weasel|cat|wolf|badger|marten|lynx|stoat",
    "bird": "crow|raven|magpie|jay|starling|rook|wren|blackbird",
    "quick": "hare|deer|squirrel|horse|goat|hound|rabbit|pony",
    "slow": "tortoise|snail|hedgehog|duck|mole|goose|toad|beetle",
    "stubborn": "goat|sheep|donkey|badger|ox|ram|mule|boar",
    "beast": "fox|hare|badger|hedgehog|squirrel|otter|beaver|weasel|mole|goat|rabbit|dormouse|hamster|marmot|pig",
    "stranger": "wolf|bear|owl|toad|crane|lynx|bat|boar|spider|vulture",
    "water": "frog|otter|duck|hare|toad|swan|heron|newt|goose|beaver",
    "craft": "baker|miller|potter|weaver|carpenter|shoemaker|blacksmith|gardener|cook|tailor|painter|saddler|mason",
    "folk": "baker|miller|shepherd|fisher|weaver|carpenter|gardener|beekeeper|farmer|pedlar|hunter|cooper|painter",
    "grower": "farmer|shepherd|beekeeper|gardener|miller|vintner|baker|ploughman",
    # Times and places.
    "weather": (
        "cold|windy|rainy|foggy|sunny|warm|bright|grey|cloudy|fresh|hot|stormy|misty|mild|gloomy|cool|wet|clear|calm"
    ),
    "daytime": "morning|afternoon|day|evening",
    "season": "spring|summer|autumn|winter",
    "month": "January|February|March|April|May|June|July|August|September|October|November|December",
    "weekday": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    "when": (
        "one <weather> <daytime>|one <weather> <season> <daytime>|one <weather> <daytime> in <month>|"
        "on a <weather> <daytime>|on a <weather> <daytime> in <season>|on a <weather> <daytime> in <month>|"
        "on a <weather> <weekday>|one <weekday> in <month>|in a <weather> <season>|in a <weather> <month>"
    ),
    "soon": (
        "soon|before long|after a while|a little later|not long after|after some time|by and by|in the end|at last|"
        "<number> days later|after <number> hours|one <weekday>"
    ),
    "near": "by|near|behind|beside|beyond|not far from|close to|below|above",
    "wild": (
        "river|lake|hill|forest|meadow|valley|marsh|orchard|mill|bridge|hedge|brook|tower|wall|cave|cliff|field|"
        "ford|gate|grove|inn|island|ruin|spring|waterfall|vineyard|windmill|well|castle|chapel|crossroads|barn|"
        "moor|park"
    ),
    "tree": (
        "oak|pine|beech|birch|willow|elm|ash|fir|maple|poplar|alder|hazel|larch|linden|cedar|yew|walnut tree|"
        "apple tree|chestnut tree|cherry tree|pear tree|plum tree"
    ),
    # Qualities and manners.
    "small": (
        "small|little|young|thin|cheerful|quiet|lonely|shy|merry|gentle|friendly|curious|old|tall|poor|plump|kind|"
        "modest|brave|clumsy|dreamy|polite|sleepy|careful|freckled|hungry|nimble|serious|stout"
    ),
    "colour": (
        "red|blue|green|white|grey|brown|black|yellow|silver|golden|pink|purple|orange|striped|spotted|crimson|"
        "violet|copper"
    ),
    # Sometimes two adjectives in a row, so phrases hardly ever repeat.
    "nice": "<fine>|<fine>|<fine>, <fine>",
    "fine": (
        "fine|lovely|shiny|splendid|handsome|pretty|beautiful|precious|wonderful|rare|charming|curious|delicate|"
        "dainty|elegant|famous|gleaming|glorious|graceful|magnificent|marvellous|noble|perfect|remarkable|smooth|"
        "sparkling|strange|unusual"
    ),
    "part": "eyes|ears|toes|claws|knees|eyebrows|whiskers|cheeks|teeth|legs",
    "old": "<worn>|<worn>|<worn>, <worn>",
    "worn": (
        "old|new|broken|dusty|heavy|tiny|huge|narrow|crooked|wooden|round|hollow|sunny|mossy|dark|low|tall|wide|"
        "silent|lonely|windy|leaning|muddy|sturdy|shady|wild|pale|grand|humble|ancient|bright|grassy|misty|noisy|"
        "peaceful|plain|rocky|rusty|sandy|steep|strange|warm"
    ),
    "very": "very|really|quite|rather|truly|terribly|most|deeply",
    "glad": (
        "glad|happy|pleased|proud|delighted|cheerful|merry|flattered|content|excited|grateful|moved|overjoyed|"
        "surprised|touched|amused"
    ),
    "sad": (
        "sad|unhappy|tired|worried|upset|gloomy|cross|miserable|anxious|ashamed|bitter|confused|desperate|downcast|"
        "frightened|glum|helpless|nervous|restless|troubled|uneasy|sorry"
    ),
    "how": (
        "quickly|slowly|softly|quietly|gently|carefully|silently|calmly|patiently|bravely|cautiously|cheerfully|"
        "clumsily|eagerly|gladly|gracefully|hastily|heavily|lightly|nervously|nimbly|proudly|steadily|stiffly|"
        "thoughtfully|timidly|warily|wearily|drowsily|faithfully|firmly|happily|joyfully|lazily|politely|secretly|"
        "smoothly|solemnly|tirelessly|wisely"
    ),
    "kindly": (
        "kindly|softly|politely|cheerfully|gently|calmly|with a smile|in a low voice|at once|with a nod|brightly|"
        "earnestly|hoarsely|innocently|merrily|modestly|quietly|seriously|shyly|simply|slowly|sweetly|warmly|"
        "with a bow|with a wink|with a yawn"
    ),
    "loudly": (
        "loudly|angrily|crossly|with a laugh|in a loud voice|from afar|boldly|rudely|bitterly|coldly|fiercely|"
        "gruffly|grimly|haughtily|hotly|impatiently|proudly|scornfully|sharply|sourly|stubbornly|with a growl"
    ),
    # Speech and actions.
    "said": (
        "said|cried|called|whispered|laughed|exclaimed|murmured|chuckled|shouted|remarked|declared|announced|"
        "muttered|grunted"
    ),
    "answered": "answered|replied|said|laughed|cried|whispered|returned|mumbled|sighed|snapped|explained|admitted",
    "asked": "asked|inquired|wondered|called|demanded|ventured|shouted|whispered",
    "thought": "thought|whispered|wondered|murmured|sighed|mumbled|muttered|hummed|groaned|reflected",
    "oh": (
        "oh|ah|well|dear me|my word|goodness|heavens|listen|look here|hush|now then|I say|indeed|truly|come now|ha|"
        "alas|why|good gracious|upon my word|dear friend|wait|hear me|bless me|upon my honour|good heavens|mercy|"
        "hello|hey there|how now|just think|believe me"
    ),
    "went": (
        "walked|went|wandered|strolled|hurried|marched|ran|travelled|rushed|crept|tramped|limped|rode|skipped|"
        "trotted|danced|climbed|raced"
    ),
    "found": "saw|found|noticed|spotted|discovered|uncovered|caught sight of|came upon",
    # Things.
    "number": (
        "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
        "eighteen|nineteen|twenty|thirty|forty|fifty|twenty-one|twenty-four|twenty-five|sixty|seventy|eighty|"
        "ninety|a hundred"
    ),
    "food": (
        "cheese|cake|pie|ham|sausage|honeycomb|pancake|pudding|salmon|trout|loaf|omelette|pastry|tart|roll|bun|"
        "waffle|biscuit|cutlet|pickle|dumpling|fish pie|melon"
    ),
    "fruit": (
        "apples|pears|plums|cherries|nuts|berries|grapes|carrots|turnips|cabbages|beans|pumpkins|onions|potatoes|"
        "peas|leeks|lentils|almonds|acorns|apricots|beets|chestnuts|cucumbers|dates|figs|lemons|melons|mushrooms|"
        "peaches|quinces|radishes|tomatoes"
    ),
    "sort": (
        "apple|pear|plum|cherry|nut|grape|carrot|turnip|cabbage|bean|pumpkin|berry|onion|potato|pea|leek|lentil|"
        "almond|quince|fig|mushroom|barley"
    ),
    "thing": (
        "key|ring|spoon|button|bell|lamp|comb|thimble|lantern|cup|flute|mirror|whistle|candle|needle|kettle|fiddle|"
        "drum|hammer|basket|ladle|clock|kite|teapot|pipe|purse|saddle|shovel|trumpet|umbrella|pebble|feather|"
        "goblet|medal|locket|bracelet|necklace|rattle"
    ),
    "cloth": (
        "coat|cloak|shirt|jacket|hat|shawl|waistcoat|gown|apron|bonnet|cape|hood|mantle|robe|skirt|tunic|veil|sash"
    ),
    "furniture": (
        "bed|table|chair|bench|cupboard|stove|chest|carpet|pillow|basket|armchair|barrel|bookcase|chimney|cradle|"
        "curtain|desk|dresser|fireplace|ladder|mattress|piano|shelf|sofa|stool|trunk|wardrobe|washtub|bathtub|"
        "blanket|cabinet|doorstep|hammock|lampshade|sack|tablecloth|wheelbarrow|window"
    ),
    "flower": (
        "rose|tulip|violet|sunflower|bluebell|snowdrop|buttercup|marigold|cornflower|carnation|primrose|orchid|"
        "cowslip|dandelion|foxglove|geranium|hyacinth|lupin|magnolia|peony"
    ),
}
