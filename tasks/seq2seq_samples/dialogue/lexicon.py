"""Parts of names, and closed lists of words, for the sample conversations.

Names of people, pets and streets are invented: they join one syllable (in Chinese, one character) from each list, so
unseen names consist of familiar parts.
"""

from seq2seq_samples.engine.values import MONTHS

# English names: first syllable, last syllable.

PERSONS = (
    "Al Bel Ber Cal Cor Dan Dor El Em Fel Fran Gar Gre Hal Han Hel Jor Kar Kat Len Lor Mar Mir Nev Nor Ol Pat Ros Sam "
    "Sel Tes Tob Vic Wil",
    "an ard bert ella en ia in ina is la mund on ora ric ta ton wen",
)
STREETS = (
    "Ald Ash Brim Carn Dorn Fal Fen Gild Hart Hask Keld Lam Marl Moss Nett Orm Pend Rud Scar Stan Tarn Wyn",
    "bury combe croft dale field ford gate ham holm ley mere stead thorpe ton wick wood worth",
)

# Chinese names: a family name and two characters of a given name; two characters of a street name, and its endings.

PERSONS_ZH = ("王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗", "文志海晓雅子思佳春永立学", "明华强芳敏静杰涛军洋斌丽")
STREETS_ZH = ("岚槐菱鹭枫芦杉桐荷鹤榆橘", "岭溪坪湾桥塘泉谷湖沙")
STREET_ENDINGS_ZH = "路 街"

# Names of pets.

NICKNAMES = (
    "Bis Bum Coc Dot Fluf Gin Jol Mil Nib Pep Pip Rus Snow Tig Toff Waf Whis",
    "bo by dle fy ger ker kins ky let lo per pie sy ty zy",
)
NICKNAMES_ZH = ("雪毛豆花乐贝奇糖米球", "球豆米丁乐贝宝果仔糖")

# Closed lists, by language: their entries occur in every split, but in different combinations. An underscore stands
# for a space. No entry occurs in another entry of its list or in the fixed text of the templates.

_COUNTS = "two three four five six seven eight"
WORDS = {
    "en": {
        "name": """
Tom Anna Mary Peter David Lucy John Emma Judith Paul Mark Sarah Lisa Laura Daniel Robert Alice Henry Susan Jack Sophie
Max Eva Leo Nina Oliver Grace Simon Clara Victor
""",
        "guests": _COUNTS,
        "nights": _COUNTS,
        "tickets": _COUNTS,
        "kilos": _COUNTS,
        "years": _COUNTS,
        "minutes": _COUNTS,
        "floor": "second third fourth fifth sixth seventh eighth ninth",
        "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "month": " ".join(month for month in MONTHS if month != "May"),
        "colour": "red blue green black white grey brown yellow purple pink",
        "size": "XS S M L XL XXL",
        "shoe": "36 37 38 39 40 41 42 43",
        "dish": "pizza soup dumplings salad curry noodles pancakes lasagna",
        "drink": "tea coffee milk lemonade cocoa juice water",
        "fruit": "apples pears plums cherries bananas grapes lemons peaches melons kiwis",
        "city": "Paris Rome Berlin London Madrid Vienna Prague Lisbon Dublin Oslo Athens Boston Toronto Sydney",
        "country": "France Italy Spain Poland Norway Greece Japan Canada Brazil Egypt India Kenya",
        "language": "French Italian Spanish Polish Norwegian Greek Japanese Arabic",
        "job": """
a_teacher a_nurse a_baker a_lawyer a_painter a_gardener a_driver a_cook a_plumber a_dentist an_engineer an_architect
""",
        "landmark": "church bank library school museum bakery fountain pharmacy theatre market cinema bookshop",
        "hobby": "swimming painting chess tennis dancing hiking fishing cycling knitting sailing",
        "instrument": "piano violin guitar flute cello drums",
        "pet": "cat dog parrot rabbit hamster turtle",
        "relative": "sister brother cousin aunt uncle grandmother grandfather niece",
        "garment": "coat shirt jacket skirt scarf hat",
        "gift": "vase watch book lamp teapot puzzle backpack necklace",
        "furniture": "sofa bed desk bookcase wardrobe cupboard",
        "film": "comedy thriller western musical cartoon romance",
        "weather": "sunny rainy windy foggy snowy cloudy",
    },
    "zh": {
        "name": "小明 小红 张伟 李强 王丽 刘洋 陈静 杨帆 赵磊 黄敏 周杰 吴倩 徐亮 孙悦 马超 朱琳 胡军 林涛 何雪 高峰",
        "guests": "两位 三位 四位 五位 六位 七位 八位",
        "nights": "两晚 三晚 四晚 五晚 六晚 七晚 八晚",
        "tickets": "两张 三张 四张 五张 六张 七张 八张",
        "kilos": "两斤 三斤 四斤 五斤 六斤 七斤 八斤",
        "years": "两年 三年 四年 五年 六年 七年 八年",
        "minutes": "两分钟 三分钟 四分钟 五分钟 六分钟 七分钟 八分钟",
        "floor": "二楼 三楼 四楼 五楼 六楼 七楼 八楼 九楼",
        "day": "周一 周二 周三 周四 周五 周六 周日",
        "month": "一月 二月 三月 四月 五月 六月 七月 八月 九月 十月",
        "colour": "红色 蓝色 绿色 黑色 白色 灰色 棕色 黄色 紫色 粉色",
        "size": "XS码 S码 M码 L码 XL码 XXL码",
        "shoe": "36 37 38 39 40 41 42 43",
        "dish": "披萨 鸡汤 饺子 沙拉 咖喱 面条 炒饭 烤鸭",
        "drink": "绿茶 咖啡 牛奶 可乐 豆浆 果汁 啤酒",
        "fruit": "苹果 香蕉 葡萄 西瓜 桃子 樱桃 橙子 柠檬 草莓 芒果",
        "city": "北京 上海 广州 成都 杭州 南京 西安 武汉 重庆 苏州 青岛 昆明 厦门 大连",
        "country": "法国 意大利 西班牙 波兰 挪威 希腊 日本 加拿大 巴西 埃及 印度 泰国",
        "language": "法语 德语 日语 韩语 俄语 英语 泰语 希腊语",
        "job": "老师 护士 面包师 律师 画家 园丁 司机 厨师 水管工 牙医 工程师 会计",
        "landmark": "教堂 银行 图书馆 学校 博物馆 面包店 喷泉 药店 剧院 菜市场 电影院 书店",
        "hobby": "游泳 画画 下棋 打网球 跳舞 爬山 钓鱼 骑车 打太极 滑冰",
        "instrument": "钢琴 小提琴 吉他 长笛 二胡 古筝",
        "pet": "小猫 小狗 鹦鹉 兔子 仓鼠 乌龟",
        "relative": "姐姐 哥哥 表妹 姑姑 叔叔 奶奶 爷爷 侄女",
        "garment": "大衣 衬衫 夹克 毛衣 裙子 帽子",
        "gift": "花瓶 手表 相册 台灯 茶壶 拼图 背包 雨伞",
        "furniture": "沙发 木床 书桌 书柜 衣柜 躺椅",
        "film": "喜剧片 惊悚片 西部片 歌舞片 动画片 爱情片",
        "weather": "晴天 雨天 大风 大雾 下雪 阴天",
    },
}
