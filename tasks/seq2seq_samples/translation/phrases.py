"""Words and fixed sentences for everyday templates, in the notation of the lexicon."""

from seq2seq_samples.translation.grammar import Noun, Word
from seq2seq_samples.translation.lexicon import HE, HER, HIS, LANGUAGES, SHE, SKILLS, nouns, people, verbs, words

GREETINGS = words("""
hello 你好; hi 嗨; good_morning 早上好; good_afternoon 下午好; good_evening 晚上好; good_night 晚安; goodbye 再见
see_you_tomorrow 明天见; welcome 欢迎; excuse_me 打扰一下
""")
FIRST_QUESTIONS = words("""
how_are_you 你好吗; what_is_your_name 你叫什么名字; where_are_you_from 你是哪里人; how_are_you_today 你今天好吗
can_you_help_me 你能帮我吗; how_is_your_family 你的家人好吗; what_are_you_doing 你在做什么
""")
INTRODUCTIONS = words("""
my_name_is 我叫; I_am 我是; his_name_is 他叫; her_name_is 她叫; this_is 这是
""")
THANKS = words("""
thank_you 谢谢你; thanks 谢谢; thank_you_very_much 非常感谢你; thanks_a_lot 多谢; you_are_welcome 不客气
I_am_sorry 对不起; no_problem 没问题; please_come_in 请进; nice_to_meet_you 很高兴认识你; see_you_later 回头见
""")
FAVOURS = words("""
your_help 的帮助; the_coffee 的咖啡; the_tea 的茶; the_book 的书; your_letter 的信; the_flowers 的花
the_gift 的礼物; your_answer 的回答; your_question 的问题; your_time 的时间; the_photos 的照片; the_cake 的蛋糕
your_patience 的耐心; the_dinner 的晚饭; your_message 的消息; the_ticket 的票; the_advice 的建议
""")
FIXED = words("""
hello. 你好。; hi. 嗨。; good_morning. 早上好。; good_afternoon. 下午好。; good_evening. 晚上好。
good_night. 晚安。; goodbye. 再见。; bye. 拜拜。; see_you_tomorrow. 明天见。; see_you_later. 回头见。
welcome. 欢迎。; thank_you. 谢谢你。; thanks. 谢谢。; thank_you_very_much. 非常感谢你。; thanks_a_lot. 多谢。
you_are_welcome. 不客气。; I_am_sorry. 对不起。; sorry. 抱歉。; excuse_me. 打扰一下。; no_problem. 没问题。
yes. 是的。; no. 不。; of_course. 当然。; please_come_in. 请进。; please_sit_down. 请坐。
nice_to_meet_you. 很高兴认识你。; how_are_you? 你好吗？; how_are_you_today? 你今天好吗？; I_am_fine. 我很好。
I_am_fine,_thank_you. 我很好，谢谢你。; what_is_your_name? 你叫什么名字？; what_is_his_name? 他叫什么名字？
what_is_her_name? 她叫什么名字？; where_are_you_from? 你是哪里人？; where_do_you_live? 你住在哪里？
what_do_you_do? 你是做什么工作的？; how_old_are_you? 你多大了？; what_time_is_it? 现在几点了？
what_day_is_it_today? 今天星期几？; what_is_this? 这是什么？; what_is_that? 那是什么？; who_is_he? 他是谁？
who_is_she? 她是谁？; who_are_you? 你是谁？; I_do_not_know. 我不知道。; I_do_not_understand. 我不明白。
I_understand. 我明白了。; can_you_help_me? 你能帮我吗？; please_help_me. 请帮帮我。; I_love_you. 我爱你。
I_miss_you. 我想你。; happy_birthday. 生日快乐。; happy_new_year. 新年快乐。; good_luck. 祝你好运。
have_a_nice_day. 祝你今天愉快。; how_is_the_weather? 天气怎么样？; how_is_the_weather_today? 今天天气怎么样？
it_is_raining. 下雨了。; it_is_snowing. 下雪了。; how_much_is_it? 多少钱？; how_much_is_this? 这个多少钱？
where_is_the_toilet? 洗手间在哪儿？; what_are_you_doing? 你在做什么？; where_are_you_going? 你去哪儿？
let's_go. 我们走吧。; I_am_a_student. 我是学生。; I_am_a_teacher. 我是老师。; I_live_here. 我住在这里。
see_you_next_week. 下个星期见。; do_you_speak_English? 你会说英语吗？; do_you_speak_Chinese? 你会说汉语吗？
good_idea. 好主意。; I_am_lost. 我迷路了。
""")
WEATHER = words("""
the_weather_is_good 天气很好; the_weather_is_bad 天气很差; it_is_cold 很冷; it_is_hot 很热; it_is_very_cold 非常冷
it_is_very_hot 非常热; it_is_sunny 是晴天; it_is_cloudy 是阴天; it_is_windy 刮风; it_is_raining 在下雨
it_is_snowing 在下雪; it_is_warm 很暖和; it_is_cool 很凉快; the_weather_is_nice 天气不错
""")
WEATHER_TIMES = words("today 今天; this_week 这个星期; now 现在; this_morning 今天早上; tonight 今天晚上; here 这里")
WEATHER_AHEAD = words("""
rain 下雨; snow 下雪; be_sunny 是晴天; be_cold 很冷; be_hot 很热; be_windy 刮风; be_warm 很暖和
""")
CAN = words("can 会; cannot 不会")
ABILITIES: list[Word] = [*SKILLS, *(Word(f"speak {tongue.en}", f"说{tongue.zh}") for tongue in LANGUAGES)]
LIKING = verbs("love 爱; like 喜欢; like 喜欢")
LOVED = words("""
my_family 我的家人; my_mother 我的母亲; my_dog 我的狗; my_cat 我的猫; my_friends 我的朋友们; my_job 我的工作
music 音乐; tea 茶; coffee 咖啡; milk 牛奶; beer 啤酒; chocolate 巧克力; apples 苹果; bananas 香蕉; cats 猫; dogs 狗
horses 马; birds 鸟; football 足球; tennis 网球; books 书; films 电影; Chinese_food 中国菜; China 中国; Beijing 北京
London 伦敦; Paris 巴黎; summer 夏天; winter 冬天; snow 雪; the_sea 大海; this_song 这首歌; this_city 这个城市
school 学校; animals 动物; flowers 花; dumplings 饺子; rice 米饭; meat 肉; fish 鱼; soup 汤; cakes 蛋糕; her 她
him 他; them 他们
""")
OWNERS = words("my 我; my 我; your 你; his 他; her 她; our 我们; their 他们")
BELONGINGS: list[Noun] = nouns("""
house 房子 座; room 房间 个; dog 狗 只; cat 猫 只; car 汽车 辆; phone 手机 部; computer 电脑 台; bag 包 个
bicycle 自行车 辆; shirt 衬衫 件; coat 大衣 件; hat 帽子 顶; umbrella 雨伞 把; cup 杯子 个; book 书 本
watch 手表 块; garden 花园 个; door 门 扇; table 桌子 张; pen 钢笔 支; school 学校 所; horse 马 匹; bed 床 张
skirt 裙子 条
""")
STOPS = words("station 车站; airport 机场; toilet 洗手间; bus_stop 公交车站; beach 海边; exit 出口")
POINTED = words("this 这; that 那")
POINTED_ALONE = words("this 这; that 那; it 它")
WISHES = words("I_want 我想要; I_would_like 我要")
FAMILY = people("your_father 你父亲; your_brother 你哥哥; your_son 你儿子; his_father 他父亲", "he", HE, HIS) + people(
    "your_mother 你母亲; your_sister 你姐姐; your_daughter 你女儿; his_wife 他妻子", "he", SHE, HER
)
RELATIVES = (
    FAMILY
    + people(
        """
my_father 我父亲; my_brother 我哥哥; my_son 我儿子; my_uncle 我叔叔; my_grandfather 我爷爷; my_friend 我朋友
my_boyfriend 我男朋友; my_husband 我丈夫; her_husband 她丈夫; her_father 她父亲; our_son 我们的儿子; my_boss 我老板
""",
        "he",
        HE,
        HIS,
    )
    + people(
        """
my_mother 我母亲; my_sister 我姐姐; my_daughter 我女儿; my_aunt 我阿姨; my_grandmother 我奶奶
my_girlfriend 我女朋友; my_wife 我妻子; his_mother 他母亲; her_mother 她母亲; our_daughter 我们的女儿
her_sister 她姐姐; his_sister 他姐姐
""",
        "he",
        SHE,
        HER,
    )
)
