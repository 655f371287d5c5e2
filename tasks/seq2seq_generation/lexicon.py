"""What the sample tales are made of: names, and classes of words and phrases that may stand for one another.

A class lists its entries with ``|`` between; an entry may be made of other classes (`seq2seq_generation.wording`). In
Chinese ``:`` divides a noun from the measure word before it.
"""

# A name is a beginning and an ending.
NAMES = {
    "en": {
        "female": (
            "Al Bel Cor Dor El Fen Gret Hal Il Jen Kat Lin Mar Nel Or Pel Ros Sel Tam Ul Ver Wen",
            "a ina ia etta ora lys essa une",
        ),
        "male": (
            "Al Bel Cor Dor El Fen Gret Hal Il Jen Kat Lin Mar Nel Or Pel Ros Sel Tam Ul Ver Wen",
            "o us an ric er old bert mund",
        ),
    },
    "zh": {
        "female": ("春 秋 玉 月 彩 晓 红 青 雪 小 阿 香 金 云 银 素", "兰 梅 莲 桃 珠 霞 花 秀 叶 草 燕 蓉 芳 凤"),
        "male": ("大 铁 长 天 福 石 冬 来 阿 小 水 土 山 木 有 得", "山 牛 虎 松 明 贵 海 旺 宝 根 生 林 柱 亮"),
    },
}

VILLAGES = {
    "en": (
        "Alder Birch Copper Dun Elm Fox Green Hart Kettle Long Mill North Oak Pine Red Stone Thorn Wind Swan Clover",
        "brook wood hill moor bridge ley well field by marsh ford gate ham combe cliff bury",
    ),
    "zh": (
        "杨柳 青石 白云 桃花 竹林 清水 红叶 大树 南山 月亮 东风 金沙 石桥 平安 北河 梅花 黄土 芦花 松林 双井",
        "村 镇 庄 湾 寨",
    ),
}

ANIMALS_ZH = "狐狸|野猫|黄鼠狼|乌鸦|喜鹊|鹦鹉|兔子|小鹿|松鼠|獾|乌龟|蜗牛|刺猬|鸭子|山羊|绵羊|毛驴|小猪|老鼠|田鼠|青蛙|狗熊|水獭|狼"

CLASSES = {
    "en": {
        # Who there is.
        "hunter": "fox|weasel|cat|wolf|badger|marten|lynx|stoat",
        "bird": "crow|raven|magpie|jay|starling|rook|thrush|blackbird",
        "quick": "hare|deer|squirrel|horse|goat|hound|rabbit|pony",
        "slow": "tortoise|snail|hedgehog|duck|mole|goose|toad|beetle",
        "stubborn": "goat|sheep|donkey|badger|ox|ram|mule|boar",
        "beast": "fox|hare|badger|hedgehog|squirrel|otter|beaver|weasel|mole|goat|rabbit|dormouse|hamster|marmot|pig",
        "stranger": "wolf|bear|owl|toad|crane|lynx|bat|boar|spider|vulture",
        "water": "frog|otter|duck|hare|toad|swan|heron|newt|goose|beaver",
        "craft": "baker|miller|potter|weaver|carpenter|shoemaker|blacksmith|gardener|cook|tailor|painter|saddler|mason",
        "folk": "baker|miller|shepherd|fisher|weaver|carpenter|gardener|beekeeper|farmer|pedlar|hunter|cooper|painter",
        "grower": "farmer|shepherd|beekeeper|gardener|miller|vintner|baker|ploughman",
        # When and where.
        "weather": (
            "cold|windy|rainy|foggy|sunny|warm|bright|grey|cloudy|fresh|hot|stormy|misty|mild|gloomy|cool|wet|clear|calm"
        ),
        "season": "spring|summer|autumn|winter",
        "daytime": "morning|afternoon|day|evening",
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
            "river|lake|hill|forest|meadow|valley|marsh|orchard|mill|bridge|hedge|brook|tower|wall|cave|cliff|field|ford|"
            "gate|grove|inn|island|ruin|spring|waterfall|vineyard|windmill|well|castle|chapel|crossroads|barn|moor|park"
        ),
        "tree": (
            "oak|pine|beech|birch|willow|elm|ash|fir|maple|poplar|alder|hazel|larch|linden|cedar|yew|walnut tree|"
            "apple tree|chestnut tree|cherry tree|pear tree|plum tree"
        ),
        # How somebody and something is.
        "small": (
            "small|little|young|thin|cheerful|quiet|lonely|shy|merry|gentle|friendly|curious|old|tall|poor|plump|kind|"
            "modest|brave|clumsy|dreamy|polite|sleepy|careful|freckled|honest|hungry|nimble|serious|stout"
        ),
        "colour": (
            "red|blue|green|white|grey|brown|black|yellow|silver|golden|pink|purple|orange|striped|spotted|crimson|violet|"
            "copper"
        ),
        "nice": (
            "fine|lovely|shiny|splendid|handsome|pretty|beautiful|precious|wonderful|rare|charming|curious|delicate|"
            "dainty|elegant|famous|gleaming|glorious|graceful|magnificent|marvellous|noble|perfect|remarkable|smooth|"
            "sparkling|strange|unusual"
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
            "thoughtfully|timidly|warily|wearily"
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
        # What is said and done.
        "said": (
            "said|cried|called|whispered|laughed|exclaimed|murmured|chuckled|shouted|remarked|declared|announced|"
            "muttered|grunted"
        ),
        "answered": "answered|replied|said|laughed|cried|whispered|returned|mumbled|sighed|snapped|explained|admitted",
        "asked": "asked|inquired|wondered|called|wanted to know|begged to know|shouted|whispered",
        "thought": "thought|whispered|wondered|murmured|sighed|mumbled|muttered|hummed|groaned|reflected",
        "went": (
            "walked|went|wandered|strolled|hurried|marched|ran|travelled|rushed|crept|tramped|limped|rode|skipped|"
            "trotted|danced|climbed|raced"
        ),
        "found": "saw|found|noticed|spotted|discovered|uncovered|caught sight of|came upon|stumbled over|met with",
        "called": "called|named|by the name of|whose name was",
        # Things.
        "number": (
            "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
            "eighteen|nineteen|twenty|thirty|forty|fifty"
        ),
        "food": "cheese|cake|pie|ham|sausage|honeycomb|pancake|pudding|salmon|trout|loaf|omelette|pastry|tart|roll|bun|waffle|biscuit|cutlet|pickle|dumpling|fish pie|melon",
        "sort": (
            "apple|pear|plum|cherry|nut|grape|carrot|turnip|cabbage|bean|pumpkin|berry|onion|potato|pea|leek|lentil|"
            "almond|quince|fig|mushroom|barley"
        ),
        "fruit": (
            "apples|pears|plums|cherries|nuts|berries|grapes|carrots|turnips|cabbages|beans|pumpkins|onions|potatoes|peas|"
            "leeks|lentils|almonds|acorns|apricots|beets|chestnuts|cucumbers|dates|figs|lemons|melons|mushrooms|peaches|"
            "quinces|radishes|tomatoes"
        ),
        "thing": (
            "key|ring|spoon|button|bell|lamp|comb|thimble|lantern|cup|flute|mirror|whistle|candle|needle|kettle|fiddle|"
            "drum|hammer|basket|ladle|clock|kite|teapot|pipe|purse|saddle|shovel|trumpet|umbrella|pebble|feather|goblet|"
            "medal|locket|bracelet|necklace|rattle"
        ),
        "cloth": (
            "coat|cloak|shirt|jacket|hat|shawl|waistcoat|gown|apron|bonnet|cape|hood|mantle|robe|skirt|tunic|veil|sash"
        ),
        "furniture": (
            "bed|table|chair|bench|cupboard|stove|chest|carpet|pillow|basket|armchair|barrel|bookcase|chimney|cradle|"
            "curtain|desk|dresser|fireplace|ladder|mattress|piano|shelf|sofa|stool|trunk|wardrobe|washtub"
        ),
        "flower": (
            "rose|tulip|violet|sunflower|bluebell|snowdrop|buttercup|marigold|cornflower|carnation|primrose|orchid|"
            "cowslip|dandelion|foxglove|geranium|hyacinth|lupin|magnolia|peony"
        ),
        "oh": "oh|ah|well|dear me|my word|goodness|heavens|listen|look here|hush|now then|I say|indeed|truly|come now|ha|alas|why|good gracious|upon my word|dear friend|wait|hear me|bless me",
        "old": "old|new|broken|dusty|heavy|tiny|huge|narrow|crooked|wooden|round|hollow|sunny|mossy|dark|low|tall|wide|silent|lonely|windy|leaning|muddy|sturdy|shady|wild|pale|grand|humble|ancient",
        "part": "feathers|eyes|ears|shoulders|legs|toes|manners|claws|knees|elbows|eyebrows|whiskers|cheeks|songs|footsteps",
    },
    "zh": {
        # 有谁。
        "hunter": "狐狸|野猫|黄鼠狼",
        "bird": "乌鸦|喜鹊|鹦鹉",
        "quick": "兔子|小鹿|松鼠",
        "slow": "乌龟|蜗牛|刺猬|鸭子",
        "stubborn": "山羊|绵羊|毛驴",
        "beast": "兔子|小鹿|松鼠|獾|刺猬|小猪|青蛙|狗熊|水獭|田鼠",
        "craft": "木匠|铁匠|裁缝|陶匠|面包师|磨坊主|花匠|鞋匠",
        "folk": "渔夫|牧人|农夫|货郎|养蜂人|花匠|磨坊主|樵夫",
        # 何时何地。
        "season": "春天|夏天|秋天|冬天",
        "weather": "晴朗|多云|有风|凉爽|有雾|安静|温暖|明亮",
        "daytime": "早晨|上午|下午|日子",
        "when": "从前|很久以前|有一年{season}|一个{season}的<daytime>|一个<weather>的<daytime>|有一天|许多年前|那年{season}",
        "soon": "不久|过了一会儿|没过多久|后来|最后|终于|过了几天|慢慢地",
        "wild": "小河|湖|山坡|森林|草地|山谷|果园|磨坊|石桥|池塘|小溪|古塔",
        "at": "边上|旁边|附近|后面|对面",
        "tree": "棵:松树|棵:橡树|棵:柳树|棵:苹果树|棵:槐树|棵:枫树|棵:梨树|棵:榆树",
        # 怎么样。
        "small": "小小的|年轻的|瘦瘦的|快活的|安静的|孤单的|害羞的|温和的|好奇的|勤快的",
        "colour": "红色|蓝色|绿色|白色|灰色|棕色|黑色|黄色|银色|金色",
        "nice": "漂亮|好看|精致|光亮|特别|少见|可爱|结实",
        "very": "很|非常|十分|特别|真是|格外",
        "glad": "高兴|快乐|得意|满意|开心|欢喜|感激|安心",
        "sad": "难过|伤心|着急|担心|后悔|发愁|不安|疲倦",
        "kindly": "笑着|轻轻地|和气地|客气地|高兴地|点着头|温和地|慢慢地",
        "loudly": "大声|生气地|得意地|粗鲁地|老远就|不耐烦地",
        "said": "说|说道|答道|回答|喊道|笑道",
        "thought": "想|心里想|对自己说|暗暗地想|忽然想到",
        "saw": "看见|发现|遇见|望见|瞧见",
        "called": "名叫|叫|名字叫|大家叫{hero ta}",
        # 东西。
        "number": "三|四|五|六|七|八|九|十",
        "food": "块:奶酪|块:年糕|块:面包|个:包子|个:烧饼|条:腊肉|块:月饼|个:馒头",
        "fruit": "苹果|梨|桃子|樱桃|核桃|葡萄|萝卜|白菜|南瓜|豆子|橘子|枣子",
        "thing": "把:钥匙|枚:戒指|把:勺子|粒:扣子|个:铃铛|盏:油灯|把:梳子|个:杯子|支:笛子|面:镜子|个:哨子|支:蜡烛|把:剪刀|个:算盘",
        "cloth": "件:外衣|件:长袍|条:裙子|顶:帽子|条:围巾|件:斗篷|双:鞋子|件:背心",
        "furniture": "床底下|桌子上|椅子后面|柜子里|炉子旁边|箱子里|枕头下面|篮子里",
        "flower": "玫瑰|百合|菊花|牡丹|向日葵|水仙|桂花|茉莉",
    },
}
