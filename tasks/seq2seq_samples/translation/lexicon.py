"""The words of the translation sample corpus, as tables that a bilingual reader can check at a glance.

Line breaks and semicolons separate entries; an underscore stands for a space inside an English phrase.
"""

from seq2seq_samples.translation.grammar import Adjective, Mass, Noun, Person, Verb, Word, past_of, plural_of


def _rows(table: str) -> list[list[str]]:
    entries = (entry.split() for line in table.splitlines() for entry in line.split(";"))
    return [[cell.replace("_", " ") for cell in entry] for entry in entries if entry]


def words(table: str) -> list[Word]:
    """Parse words: English, Chinese."""
    return [Word(en, zh) for en, zh in _rows(table)]


def nouns(table: str) -> list[Noun]:
    """Parse nouns: English, Chinese, measure word, and the plural if it is irregular."""
    return [Noun(en, zh, measure, *(plural or [plural_of(en)])) for en, zh, measure, *plural in _rows(table)]


def verbs(table: str) -> list[Verb]:
    """Parse verbs: English, Chinese, and the past and participle if they are irregular."""
    entries = []
    for en, zh, *forms in _rows(table):
        head, blank, rest = en.partition(" ")
        past, participle = (forms * 2)[:2] if forms else (past_of(head), past_of(head))
        entries.append(Verb(en, zh, past + blank + rest, participle + blank + rest))
    return entries


# Nouns: English, Chinese, measure word, and the plural if it is irregular.

READINGS = nouns("""
book 书 本; dictionary 词典 本; magazine 杂志 本; novel 小说 本; newspaper 报纸 份; letter 信 封; poem 诗 首
report 报告 份; story 故事 个; diary 日记 本
""")
CLOTHES = nouns("""
shirt 衬衫 件; coat 大衣 件; sweater 毛衣 件; skirt 裙子 条; jacket 夹克 件; raincoat 雨衣 件; uniform 制服 套
suit 西装 套
""")
WORN = nouns("hat 帽子 顶; scarf 围巾 条 scarves; ring 戒指 枚; necklace 项链 条; helmet 头盔 顶; tie 领带 条")
VEHICLES = nouns("car 汽车 辆; bicycle 自行车 辆; truck 卡车 辆; motorcycle 摩托车 辆; boat 小船 条; plane 飞机 架")
DEVICES = nouns("""
computer 电脑 台; phone 手机 部; camera 照相机 台; television 电视机 台; radio 收音机 台; printer 打印机 台
fridge 冰箱 台; washing_machine 洗衣机 台; watch 手表 块; fan 电风扇 台
""")
INSTRUMENTS = nouns("piano 钢琴 架; guitar 吉他 把; violin 小提琴 把; flute 长笛 支; drum 鼓 面")
FURNITURE = nouns("table 桌子 张; bed 床 张; sofa 沙发 张; chair 椅子 把; desk 书桌 张; bookshelf 书架 个 bookshelves")
SMALL = nouns("""
pen 钢笔 支; pencil 铅笔 支; umbrella 雨伞 把; knife 刀 把 knives; cup 杯子 个; bowl 碗 个; bag 包 个
map 地图 张; lamp 台灯 盏; mirror 镜子 面; candle 蜡烛 支; toy 玩具 个; bottle 瓶子 个
basket 篮子 个; blanket 毯子 条; towel 毛巾 条; toothbrush 牙刷 支; comb 梳子 把; spoon 勺子 把; fork 叉子 把
painting 画 幅; ball 球 个; wallet 钱包 个; box 箱子 个; pillow 枕头 个; gift 礼物 份
""")
FOOD = nouns("""
apple 苹果 个; egg 鸡蛋 个; cake 蛋糕 块; sandwich 三明治 个; banana 香蕉 根; watermelon 西瓜 个; peach 桃子 个
tomato 西红柿 个 tomatoes; potato 土豆 个 potatoes; dumpling 饺子 个; carrot 胡萝卜 根; lemon 柠檬 个; pear 梨 个
mushroom 蘑菇 个; hamburger 汉堡包 个; cookie 饼干 块; sausage 香肠 根; steamed_bun 包子 个; mango 芒果 个 mangoes
""")
PRODUCE = [noun for noun in FOOD if noun.zh in ("苹果", "桃子", "土豆", "胡萝卜", "梨", "芒果")]
ANIMALS = nouns("""
cat 猫 只; dog 狗 只; horse 马 匹; cow 牛 头; pig 猪 头; sheep 羊 只 sheep; bird 鸟 只; rabbit 兔子 只; duck 鸭子 只
goose 鹅 只 geese; mouse 老鼠 只 mice; monkey 猴子 只; elephant 大象 头; tiger 老虎 只; lion 狮子 头
wolf 狼 只 wolves
snake 蛇 条; panda 熊猫 只; butterfly 蝴蝶 只; fox 狐狸 只; bear 熊 头; deer 鹿 只 deer; camel 骆驼 头; frog 青蛙 只
""")
JOBS = nouns("""
teacher 老师 位; student 学生 个; doctor 医生 位; nurse 护士 位; driver 司机 位; farmer 农民 位; lawyer 律师 位
engineer 工程师 位; cook 厨师 位; shop_assistant 售货员 位; police_officer 警察 个; writer 作家 位; singer 歌手 位
actor 演员 位
scientist 科学家 位; journalist 记者 位; manager 经理 位; worker 工人 个; soldier 士兵 个; painter 画家 位
translator 翻译 位; pilot 飞行员 位; judge 法官 位; artist 艺术家 位; dentist 牙医 位; tourist 游客 个
child 孩子 个 children
""")
BUILDINGS = nouns("""
school 学校 所; hospital 医院 家; library 图书馆 座; museum 博物馆 座; park 公园 座; hotel 酒店 家; factory 工厂 家
supermarket 超市 家; bank 银行 家; restaurant 餐厅 家; cinema 电影院 家; zoo 动物园 座; university 大学 所
post_office 邮局 家; church 教堂 座; bookstore 书店 家; theater 剧院 座
""")
RIDES = words("""
by_train 坐火车; by_plane 坐飞机; by_bus 坐公交车; by_subway 坐地铁; by_taxi 坐出租车; by_bicycle 骑自行车
by_boat 坐船
by_car 开车; on_foot 走路
""")
FAR_RIDES = [*RIDES[:2], *RIDES[7:8]]
NEAR_RIDES = [*RIDES[2:6], *RIDES[7:]]
MASSES = [
    Mass(en, zh, vessel, plural_of(vessel), measure)
    for en, zh, vessel, measure in _rows("""
tea 茶 cup 杯; coffee 咖啡 cup 杯; milk 牛奶 glass 杯; water 水 bottle 瓶; juice 果汁 glass 杯; beer 啤酒 bottle 瓶
soup 汤 bowl 碗; wine 葡萄酒 bottle 瓶; lemonade 柠檬水 glass 杯
""")
]
GROCERIES = [
    Mass(en, zh, vessel, plural_of(vessel), measure)
    for en, zh, vessel, measure in _rows("""
rice 大米 bag 袋; flour 面粉 bag 袋; sugar 糖 bag 袋; salt 盐 bag 袋; bread 面包 piece 片; meat 肉 kilo 公斤
paper 纸 sheet 张
chocolate 巧克力 bar 块; oil 油 bottle 瓶; vinegar 醋 bottle 瓶
""")
]
GOODS = [*READINGS[:4], *CLOTHES, *WORN, *VEHICLES[:4], *DEVICES, *INSTRUMENTS, *FURNITURE, *SMALL]
PRIVATE = nouns(
    "key 钥匙 把; ticket 票 张; photo 照片 张; passport 护照 本; letter 信 封; suitcase 行李箱 个; coin 硬币 枚"
)
HANDY = [*READINGS[:5], *SMALL, *PRIVATE]
PRODUCTS = [*CLOTHES, *WORN, *VEHICLES[:4], *DEVICES, *INSTRUMENTS, *FURNITURE]
KINDS = [READINGS[:5], CLOTHES, WORN[:4], VEHICLES[:4], DEVICES, INSTRUMENTS, FURNITURE, SMALL]

# Places: English with its preposition, Chinese without 在.

PLACES = words("""
in_the_library 图书馆; at_school 学校; in_the_park 公园; in_the_museum 博物馆; at_the_station 车站
at_the_airport 机场
in_the_hotel 酒店; in_the_restaurant 餐厅; in_the_office 办公室; in_the_kitchen 厨房; in_the_garden 花园
by_the_river 河边
at_the_beach 海边; in_the_classroom 教室; in_the_hospital 医院; at_home 家; on_the_bus 公交车上
in_the_living_room 客厅
in_the_village 村子里; on_the_square 广场上
""")
ROOMS = words("""
in_the_library 图书馆; at_school 学校; in_the_hotel 酒店; in_the_restaurant 餐厅; in_the_office 办公室
in_the_kitchen 厨房
in_the_classroom 教室; in_the_hospital 医院; at_home 家; in_the_living_room 客厅; in_the_bedroom 卧室; upstairs 楼上
in_the_dormitory 宿舍; in_the_waiting_room 候车室
""")
SHOPS = words("""
in_the_supermarket 超市; in_the_department_store 百货商店; at_the_market 市场; in_the_small_shop 小商店
in_New_York 纽约; in_Beijing 北京; in_Shanghai 上海; in_London 伦敦; in_Paris 巴黎; in_Tokyo 东京
""")
CITIES = words("""
Beijing 北京; Shanghai 上海; London 伦敦; Paris 巴黎; Tokyo 东京; New_York 纽约; Berlin 柏林; Rome 罗马; Moscow 莫斯科
Sydney 悉尼; Vienna 维也纳; Madrid 马德里; Xi'an 西安; Hangzhou 杭州; Chengdu 成都; Boston 波士顿; Cairo 开罗
Bangkok 曼谷
""")
LANGUAGES = words("""
English 英语; Chinese 汉语; French 法语; German 德语; Japanese 日语; Spanish 西班牙语; Russian 俄语; Italian 意大利语
""")

# People.

HE, SHE, THEY = Word("he", "他"), Word("she", "她"), Word("they", "他们")
HIS, HER, THEIR = Word("his", "他的"), Word("her", "她的"), Word("their", "他们的")
PRONOUNS = [
    Person("I", "我", "I", "me", Word("I", "我"), Word("my", "我的")),
    Person("he", "他", "he", "him", HE, HIS),
    Person("she", "她", "he", "her", SHE, HER),
    Person("we", "我们", "they", "us", Word("we", "我们"), Word("our", "我们的")),
    Person("they", "他们", "they", "them", THEY, THEIR),
]
YOU = Person("you", "你", "they", "you", Word("you", "你"), Word("your", "你的"))
THIRD = [*PRONOUNS[1:3], PRONOUNS[4]]


def people(table: str, form: str, pronoun: Word, owner: Word) -> list[Person]:
    """Parse people whose subject and object forms are the same; see `Person` for the other arguments."""
    return [Person(word.en, word.zh, form, word.en, pronoun, owner) for word in words(table)]


MEN = people(
    """
Tom 汤姆; John 约翰; Peter 彼得; David 大卫; Jack 杰克; Michael 迈克尔; Paul 保罗; Mark 马克; George 乔治; Henry 亨利
Robert 罗伯特; Daniel 丹尼尔; Li_Ming 李明; Wang_Qiang 王强
""",
    "he",
    HE,
    HIS,
)
WOMEN = people(
    """
Mary 玛丽; Anna 安娜; Lucy 露西; Emma 艾玛; Linda 琳达; Alice 爱丽丝; Sarah 萨拉; Julia 朱莉娅; Helen 海伦; Lisa 丽莎
Susan 苏珊; Laura 劳拉; Zhang_Hong 张红; Liu_Fang 刘芳
""",
    "he",
    SHE,
    HER,
)
NAMES = MEN + WOMEN
KIN = people(
    """
my_father 我父亲; my_older_brother 我哥哥; your_father 你父亲; her_younger_brother 她弟弟; our_son 我们的儿子
my_husband 我丈夫
""",
    "he",
    HE,
    HIS,
) + people(
    """
my_mother 我母亲; my_younger_sister 我妹妹; your_mother 你母亲; his_older_sister 他姐姐; their_daughter 他们的女儿
his_wife 他妻子
""",
    "he",
    SHE,
    HER,
)
GROUPS = people(
    """
my_parents 我父母; the_students 学生们; the_children 孩子们; our_neighbors 我们的邻居; her_friends 她的朋友
the_workers 工人们; my_classmates 我的同学; Tom_and_Mary 汤姆和玛丽
""",
    "they",
    THEY,
    THEIR,
)
SINGLES = NAMES + KIN
PEOPLE = PRONOUNS * 3 + NAMES + KIN + GROUPS

# Adjectives: English, Chinese stem, form before a noun, comparative or 'more'.


def _adjectives(table: str) -> list[Adjective]:
    return [
        Adjective(
            en,
            zh,
            attribute,
            f"more {en}" if more == "more" else more,
            f"most {en}" if more == "more" else f"{more[:-1]}st",
        )
        for en, zh, attribute, more in _rows(table)
    ]


QUALITIES = _adjectives("""
expensive 贵 很贵的 more; cheap 便宜 便宜的 cheaper; big 大 大 bigger; small 小 小 smaller; new 新 新 newer
beautiful 漂亮 漂亮的 more; heavy 重 很重的 heavier; light 轻 很轻的 lighter
""")
LOOKS = [
    *QUALITIES,
    *_adjectives("""
red 红 红色的 redder; blue 蓝 蓝色的 bluer; black 黑 黑色的 blacker; white 白 白色的 whiter; green 绿 绿色的 greener
yellow 黄 黄色的 yellower; strange 奇怪 奇怪的 stranger; special 特别 特别的 more
"""),
]
COLORS = LOOKS[8:14]
TRAITS = _adjectives("""
tall 高 很高的 taller; friendly 友好 友好的 friendlier; clever 聪明 聪明的 cleverer; busy 忙 很忙的 busier
strict 严格 严格的 stricter; patient 耐心 耐心的 more; lazy 懒 懒 lazier; hardworking 勤奋 勤奋的 more
popular 受欢迎 受欢迎的 more; brave 勇敢 勇敢的 braver; careful 细心 细心的 more; famous 有名 有名的 more
""")
STATES = words("tired 累; busy 忙; nervous 紧张; sleepy 困; sad 伤心; hungry 饿; full 饱; excited 激动")
TASTES = _adjectives("""
fresh 新鲜 新鲜的 fresher; tasty 好吃 好吃的 tastier; expensive 贵 很贵的 more; cheap 便宜 便宜的 cheaper
""")

# Verbs: English, Chinese, and the past and participle if they are irregular.

GETTING = verbs("buy 买 bought; sell 卖 sold; borrow 借; find 找到 found; lose 丢 lost; receive 收到")
READING = verbs("read 看 read; buy 买 bought; borrow 借; receive 收到")
WRITING = verbs("write 写 wrote written; translate 翻译; copy 抄; print 打印; read 看 read")
EATING = verbs("eat 吃 ate eaten; buy 买 bought; sell 卖 sold")
PREPARING = verbs("wash 洗; cut 切 cut; peel 削; eat 吃 ate eaten")
KEEPING = verbs("buy 买 bought; sell 卖 sold; feed 喂 fed; draw 画 drew drawn")
DRINKING = verbs("drink 喝 drank drunk; order 点")
MEETING = verbs("""
meet 遇到 met; help 帮助; see 看见 saw seen; thank 感谢; praise 表扬; criticize 批评; interview 采访
""")
TAKING = verbs("""
lose 弄丢 lost; throw_away 扔掉 threw thrown; steal 偷走 stole stolen; hide 藏起来 hid hidden
take_away 拿走 took taken
borrow 借走; find 找到 found
""")
REPAIRING = verbs(
    "break 弄坏 broke broken; repair 修好; sell 卖掉 sold; steal 偷走 stole stolen; clean 擦干净; ruin 毁掉"
)
WASHING = verbs(
    "wash 洗干净; lose 弄丢 lost; give_away 送掉 gave given; throw_away 扔掉 threw thrown; tear 撕破 tore torn"
)
ACTIVITIES = verbs("""
swim 游泳 swam swum; run 跑步 ran run; dance 跳舞; sing 唱歌 sang sung; work 工作; study 学习; sleep 睡觉 slept
rest 休息
play_football 踢足球; play_basketball 打篮球; play_tennis 打网球; play_chess 下棋; play_the_piano 弹钢琴
play_cards 打牌
watch_television 看电视; listen_to_music 听音乐; read_newspapers 看报纸 read; write_letters 写信 wrote written
exercise 锻炼
take_photos 拍照 took taken; drink_tea 喝茶 drank drunk; draw 画画 drew drawn; do_homework 做作业 did done; chat 聊天
take_a_walk 散步 took taken; smoke 抽烟; wait_for_friends 等朋友; make_phone_calls 打电话 made; surf_the_internet 上网
""")
SKILLS = [
    verb
    for verb in ACTIVITIES
    if verb.en
    in set("swim,dance,sing,play football,play basketball,play tennis,play chess,play the piano,draw".split(","))
] + verbs("""
drive 开车 drove driven; ski 滑雪; cook 做饭; ride_a_horse 骑马 rode ridden; play_the_guitar 弹吉他; skate 滑冰
type 打字
""")
INDOORS = [
    verb
    for verb in ACTIVITIES
    if verb.zh in "睡觉 休息 看电视 听音乐 看报纸 写信 学习 喝茶 做作业 工作 上网 下棋".split()
]

# Times. In Chinese, they precede the verb.

PAST = words("""
yesterday 昨天; last_week 上个星期; last_month 上个月; last_year 去年; this_morning 今天早上; last_night 昨天晚上
yesterday_afternoon 昨天下午; the_day_before_yesterday 前天; last_Monday 上星期一; last_Wednesday 上星期三
last_Friday 上星期五
last_Saturday 上星期六; last_summer 去年夏天; last_winter 去年冬天
""")
FUTURE = words("""
tomorrow 明天; next_week 下个星期; next_month 下个月; next_year 明年; tonight 今天晚上; the_day_after_tomorrow 后天
tomorrow_morning 明天早上; tomorrow_afternoon 明天下午; this_weekend 这个周末; next_Tuesday 下星期二
next_Thursday 下星期四
next_Sunday 下星期天; next_spring 明年春天; next_autumn 明年秋天
""")
NEAR_FUTURE = [word for word in FUTURE if word.en not in ("next year", "next month", "next spring", "next autumn")]
RECENT = [word for word in PAST if word.en.split()[-1] not in ("year", "summer", "winter", "month")]
DAILY = words("""
every_day 每天; every_morning 每天早上; every_evening 每天晚上; every_weekend 每个周末; every_Saturday 每个星期六
every_Sunday 每个星期天
""")
WEEKDAYS = words("""
Monday 星期一; Tuesday 星期二; Wednesday 星期三; Thursday 星期四; Friday 星期五; Saturday 星期六; Sunday 星期天
""")
EVENTS = words("""
meeting 会议; concert 音乐会; exam 考试; party 晚会; football_match 足球赛; wedding 婚礼; film 电影; lecture 讲座
show 表演
exhibition 展览; basketball_game 篮球赛
""")
WEATHER = [
    (Word(then, zh), Word(now, zh))
    for then, now, zh in _rows("""
it_was_raining it_rains 下雨; it_was_snowing it_snows 下雪; it_was_very_cold it_is_very_cold 天气很冷
it_was_very_hot it_is_very_hot 天气很热; it_was_windy it_is_windy 刮风
""")
]
CURRENCIES = words("yuan 元; dollars 美元; euros 欧元; pounds 英镑")
FREQUENCIES = words("usually 通常; often 经常; always 总是; sometimes 有时候; seldom 很少")
WANT, LIKE, KNOW = verbs("want 想; like 喜欢; know 认识 knew known")
TASTE = verbs("like 喜欢; need 需要; want 想要")

# Verbs with their possible objects. `PLANS` has only actions that one can plan: to buy, but not to lose.

TEXTS = nouns("""
letter 信 封; poem 诗 首; novel 小说 本; story 故事 个; report 报告 份; article 文章 篇; essay 论文 篇
contract 合同 份
""")
PLANS = [
    (READING[:3], READINGS[:5]),
    (WRITING, TEXTS),
    (EATING, FOOD),
    (PREPARING, PRODUCE),
    (KEEPING, ANIMALS[:10]),
    (GETTING[:3], GOODS),
]
ACTIONS = [
    (READING, READINGS[:5]),
    (WRITING, TEXTS),
    (EATING, FOOD),
    (PREPARING, PRODUCE),
    (KEEPING, ANIMALS[:10]),
    (GETTING, GOODS),
]
MOVABLE = [*HANDY, *DEVICES[:3], DEVICES[-2]]
MACHINES = [*VEHICLES[:4], *DEVICES, *INSTRUMENTS]
DISPOSALS = [(TAKING, MOVABLE), (REPAIRING, MACHINES), (WASHING, CLOTHES)]
LOSSES = [(TAKING[:6], MOVABLE), ([*REPAIRING[:1], *REPAIRING[2:4]], MACHINES), (WASHING[1:], CLOTHES)]
CARE = [(TAKING[3:5], MOVABLE), ([*REPAIRING[1:3], *REPAIRING[4:5]], MACHINES), (WASHING[:1], CLOTHES)]
HOUSEHOLD = [*HANDY, *MACHINES, *FURNITURE]
SURFACES = words("""
on_the_table 桌子上; on_the_chair 椅子上; on_the_bed 床上; under_the_desk 书桌下面; on_the_bookshelf 书架上
behind_the_door 门后面; in_the_drawer 抽屉里; under_the_tree 树下; next_to_the_window 窗户旁边; in_the_box 盒子里
in_front_of_the_sofa 沙发前面; on_the_floor 地板上
""")
MEASURED = _adjectives("older 大 大 older; younger 小 小 younger; taller 高 高 taller; shorter 矮 矮 shorter")
THIS = words("today 今天; this_week 这个星期; this_month 这个月; this_year 今年; this_morning 今天早上")
TITLES = words("""
the_teacher 老师; the_doctor 医生; the_manager 经理; the_driver 司机; the_nurse 护士; the_police_officer 警察
""")
WHO = words("man 男人; woman 女人; boy 男孩; girl 女孩")
RELATIVES = {
    "man": words("father 父亲; teacher 老师; boss 老板; grandson 孙子; boyfriend 男朋友; colleague 同事"),
    "woman": words("mother 母亲; teacher 老师; boss 老板; girlfriend 女朋友; colleague 同事; classmate 同学"),
    "boy": words("son 儿子; older_brother 哥哥; younger_brother 弟弟; student 学生; classmate 同学"),
    "girl": words("daughter 女儿; older_sister 姐姐; younger_sister 妹妹; student 学生; classmate 同学"),
}
GIFTS = [*READINGS[:4], *WORN, *CLOTHES[:5], *DEVICES[:3], *SMALL[:4], *INSTRUMENTS[1:4]]
HANDING = verbs("give 送给 gave given; lend 借给 lent; sell 卖给 sold; show 给 showed shown")[:3]
(THINK,) = verbs("think 觉得 thought")
TRANSPORT = words("train 火车; plane 飞机")
CROWD = [word for word in JOBS if word.en in ("student", "worker", "tourist", "child", "teacher", "police officer")]
PROFESSIONS = [word for word in JOBS if word.en not in ("student", "worker", "tourist", "child")]
ESTATE = [*VEHICLES[:4], *INSTRUMENTS, *FURNITURE]
EXCESSES = [word for word in QUALITIES if word.en not in ("new", "beautiful")]
DISTURBANCES = set("跑步 跳舞 唱歌 睡觉 踢足球 打牌 抽烟 拍照 聊天 打电话 画画 喝茶".split())
FORBIDDEN = [word for word in ACTIVITIES if word.zh in DISTURBANCES]
DAYS_AHEAD = [word for word in NEAR_FUTURE if word.zh in ("明天", "下星期二", "下星期四", "下星期天")]
WORKPLACES = [word for word in BUILDINGS if word.en not in ("park", "church", "zoo")]
CROWDED = [
    word for word in BUILDINGS if word.en in set("school hospital library museum park hotel university zoo".split())
]
WANTED = [word for word in LOOKS if word.en not in ("expensive", "heavy", "strange")]
TOGETHER = [word for word in INDOORS if word.zh not in ("睡觉", "写信")]
GARMENTS = [*CLOTHES[:3], *CLOTHES[4:], *WORN[:2], *WORN[4:]]
ATTRACTIONS = [word for word in QUALITIES if word.en in ("cheap", "beautiful", "new", "light")]
