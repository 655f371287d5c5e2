"""Parts of names, and closed lists of words, for the sample reports.

Names are invented: they join one syllable (in Chinese, one character) from each list, so unseen names consist of
familiar parts.
"""

# English names: first syllable, middle syllable ('-' for none), last syllable.

SURNAMES = (
    "Bar Ben Cor Dal Den El Far Fen Gar Hal Har Jen Kel Lan Lor Mar Mel Nor Or Pel Ral Rem Sel Tal Tor Ul Ven Wil Zan",
    "- - - a e i o er",
    "den dell don dock field gan ham land ler lin low man mer mond nell rick row sen ser ster ton vin way wick win zer",
)
TOWNS = (
    "Ald Arn Brim Cald Carn Corm Dorn Ebb Fal Gild Hask Ing Keld Lam Marl Nett Orm Pend Rud Scar Tarn Ulv Vern Yarn",
    "- - - er en ing",
    "borough bourne bridge bury by combe dale ford gate ham haven hill holm hurst ley mere mouth port stead vale wood",
)
COMPANIES = (
    "Al Bel Cor Del Fen Gal Jun Kel Lum Mer Nov Or Pri Quan Ral Sol Tri Ur Vel Zet",
    "- a e i o ma ta vi ro",
    "bix dex dron fora gen lio mark nex nica pan ris sto tec tron via vex xon zora",
)
TEAMS = "Hawks Lions Rovers Stars Wolves Bears Eagles Giants"

# Chinese names: family name and given name; stems and endings of place, team and company names.

PERSONS_ZH = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐",
    "文志海晓雅子思佳春永立学向振新玉宏天月嘉",
    "明华强芳敏静杰涛军洋斌丽琴宁辉萍波峰颖超",
)
PLACES_ZH = ("岚槐菱鹭枫雁芦杉桐荷霞鹤砚榆橘碧晴秋柳松竹梅", "岭溪坪湾桥塘泉谷川湖沙屏坡渡岩洲浦石")
COMPANIES_ZH = ("恒瑞鼎盛泰凯诚博智卓锦隆腾禾佰", "达源信通丰科泽辰创航图宇益朗")
TOWN_ENDINGS_ZH = "镇 县 市"
TEAM_ENDINGS_ZH = "雄狮队 飞鹰队 猛虎队 海豚队 星辰队 黑熊队 烈马队 闪电队"
COMPANY_ENDINGS_ZH = "公司 集团"

# Closed lists, by language: their entries occur in every split. An underscore stands for a space.

WORDS = {
    "en": {
        "item": """
desk_lamps office_chairs wool_blankets printers bicycles winter_coats rubber_boots batteries mattresses heaters radios
tool_boxes water_filters garden_tables glass_jars paper_towels
""",
        "topic": """
staff_training safety_checks market_research the_new_website the_canteen new_machines the_summer_party
the_spring_sale night_shifts the_car_park
""",
        "plan": """
a_new_bridge a_new_school a_public_library a_swimming_pool a_sports_hall a_bus_station a_concert_hall a_youth_centre
""",
        "cause": "fog snow ice high_wind heavy_rain",
    },
    "zh": {
        "item": "电池 手套 毛巾 茶叶 苹果 药品 口罩 书本 灯泡 蜡烛 饼干 面条 玩具 文具 瓷碗 雨衣",
        "topic": "员工培训 安全检查 市场调查 新网站 食堂改造 设备更新 仓库扩建 夏季聚会 春季促销 夜班安排",
        "plan": "一座新桥 一所小学 一座图书馆 一座游泳馆 一座体育馆 一座汽车站 一座音乐厅 一所幼儿园",
        "cause": "大雾 积雪 结冰 强风 暴雨",
    },
}
