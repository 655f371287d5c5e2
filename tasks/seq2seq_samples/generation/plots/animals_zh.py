"""Chinese plots about animals; see `seq2seq_samples.generation.grammar` for the notation."""

TABLE = """
爱听好话的鸟
@ hero: hunter
@ friend: bird
- <when>，一只<small>{hero kind}<called>{hero}，<how>来到<old>{wild}<at>。
- [高高的|<old>]{tree}上站着{friend kind}{friend}，嘴里[叼着|含着]{food one}。
? “[多香的|好<nice>的]{food}啊！”{hero}<thought>。
- “{friend}，你的[羽毛|眼睛|翅膀|尾巴]<very><nice>！”{hero}<kindly><said>，“[都说|听说|我猜]你的[歌声|嗓子]更<nice>。”
a {friend}<very><glad>，<how>唱起[歌|小曲]来，{food}掉在{hero}的[脚边|面前|鼻子底下]，{hero}<how>[吃了|叼走了]。
a {friend}<very><glad>，<how>[点了点头|跳起舞来]，{food}落进<old>[草丛|水沟]，{hero}<how>捡了回去。
a {friend}先把{food}<how>[放好|藏好]，<kindly><said>：“{hero}，我[吃饱了|睡醒了|<number>天以后]才唱歌。”
--
b 从此，{friend}<how>[吃完|数完]{food}，才和{hero}说话。
b {hero}<very><sad>，<how>[走了|回家了]；{friend}在{tree}上[笑了|唱了]<number>[天|回]。
b <soon>，{friend}把这件事<how>告诉了<small><beast>，大家都<very><glad>。
- [<nice>的话|太甜的话|人家的夸奖]，[要听|最好听]<number>遍再[信|开口]。

赛跑
@ hero: quick
@ friend: slow
- {hero kind}{hero}跑得[最快|飞快]，<when>，{hero ta}<loudly><said>：“{friend}，你走得<very>慢！”
- <small>{friend kind}{friend}<kindly><said>：“[那么|好吧]，{hero}，我们[比一比|赛一场]，看谁先到{tree}[下|旁]。”
- <small>{bird}数到<number>，{hero}<how>[冲了出去|跑远了]。
a 到了<old>{wild}<at>，{hero}<how>[躺下|坐下]，[吃起了|数起了]{fruit}，[睡着了|忘了时间]。
a 到了<old>{wild}<at>，{hero}停下来，<how>和<small><beast>[聊天|跳舞|吹牛]。
a 到了<old>{wild}<at>，{hero}拐进[小路|花园]，<how>去[闻|采|看]<nice>的{flower}。
- {friend}[一步一步|不声不响]，<how>走过<old>{wild2}，[没有停过|从不回头]。
--
- 等{hero}赶到，{friend}已经在<how>[吃{fruit}|喝茶|看{flower}]了。
? “你是怎么[做到|赢]的？”{hero}<sad>地问。“我[一直|只是]在走。”{friend}<kindly><said>。
? {friend}得了<number>个<nice>的{fruit2}，<how>分给{hero}一半。
- [慢|脚步慢]不要紧，[停下|贪玩]的[快腿|好腿]，[赢不了|比不过]不停的[慢腿|小脚]。

独木桥
@ hero: stubborn
@ friend: stubborn
- {village}的<old>{wild}<at>有一座<colour>的[小桥|独木桥]。
- <when>，{hero kind}{hero}背着<number>[筐|袋]{fruit}<how>走上桥，对面<how>走来<small>{friend kind}{friend}，
  带着{thing one}。
- “{friend}，[让开|退回去]！”{hero}<loudly><said>。“{hero}，[我先到|你先退]！”{friend}<loudly><said>。
a 它们<how>[推来推去|顶来顶去]，<soon>，{fruit}和{thing}都掉进水里，它们也[湿透了|成了落汤鸡]。
a <soon>，{friend}<how>趴下，<kindly><said>：“{hero}，你从我背上[走|爬]过去吧。”
a 它们[谁也不让|站着不动]，从[早晨|中午]站到[晚上|半夜]，又冷又饿，<very><sad>。
--
b “{friend}，下次我[让你|等你]。”{hero}<kindly><said>，<how>送给它<number>个{fruit2}。
b 它们<how>坐在{tree}下，[分吃|数着]剩下的{fruit}，<very><glad>。
b 后来{village}的{folk}<how>修了一座<nice>的[石桥|木桥]，{hero}和{friend}每天在桥上[问好|点头]。
- [退一步|让一让]，[桥|路]就[宽了|好走了]；[两个都|谁也]不让，[都得|只好]<how>[挨饿|落水]。

新来的邻居
@ hero: beast
@ friend: stranger
- <when>，{friend kind}{friend}<how>搬到{village}，住在<old>{wild}<at>。
- 隔壁的{hero kind}{hero}<very><sad>，<thought>：“{friend kind}！我的{fruit}[怎么办|保不住了]！”
? {hero ta}<how>[锁上门|关好窗]，把<number>个{fruit}藏在{place}。
- <soon>，一场[大风|大雪|洪水|暴雨]<how>弄坏了{hero}的[屋顶|烟囱|房门|院墙]。
- {friend}<how>拿来{thing one}，<kindly><said>：“{hero}，我来帮你[修一修|想办法]。”
a {friend}<how>[干了|忙了]一整[天|夜]，{hero}在旁边[举着灯|递钉子|扶梯子]。
a {friend}还<how>煮了<nice>的{fruit2}汤，两个<how>喝了<number>碗。
--
b “对不起，{friend}，”{hero}<kindly><said>，“我只看见你的[牙齿|大脚|个子|名字]。”
b {hero}<how>做了{food one}送给{friend}，上面放着<number>朵{flower}。
b 现在{hero}和{friend}每天<how>在{tree}下[喝茶|下棋|看云]，<very><glad>。
- [认识一个|交一个]<small>朋友，要[用心|慢慢来]，[不要|别]只看[样子|名声]。

水里的月亮
@ hero: hunter
@ friend: water
- 一个<weather>的[晚上|夜里]，<small>{hero kind}{hero}<how>来到{village}的池塘边，肚子<very>饿。
- 水里有个<colour>的东西，<very><nice>。“[一定是|那是]{food}！”{hero}<thought>。
? {hero}<how>[扔下|伸出]{thing one}去捞，那东西碎成<number>片，<soon>又圆了。
- <small>{friend kind}{friend}<kindly>问：“{hero}，你在[干什么|找什么]？”
- “我要把水<how>喝干，[捞|吃]那{food}。”{hero}<loudly><said>。
a {hero}<how>喝了<number>口，肚子圆得像[南瓜|大鼓|水桶]，<very><sad>。
a {friend}<how>指着{tree}[顶上|上面]，<said>：“{hero}，抬头看，那是月亮。”
--
b {hero}<how>抬起头，<very><sad>；{friend}没有笑，<how>送给它<number>个{fruit}。
b {hero}和{friend}<how>坐在<old>{wild}<at>，吃着{fruit}看月亮。
b 从此每到<weather>的晚上，{hero}就<how>带着{fruit}来看{friend}。
- [水里的|好看的]东西，[有时候|常常]只是[影子|一道光]；[弯腰|动手]之前，先<how>抬[头|眼]看看。

给猫挂铃铛
@ hero: mice
@ friend: mice
- {village}的<old>{wild}里住着<number>只老鼠和一只<colour>的[大猫|凶猫|胖猫]。
- <when>，老鼠们<how>聚在{place}，[商量|讨论]怎么办。
- <small>{hero kind}{hero}<kindly><said>：“给猫挂个铃铛，[它一动我们就知道|老远就听得见]！”
? 大家<very><glad>，<how>[鼓掌|跳舞]，都说{hero}<very>聪明。
- {friend kind}{friend}<kindly>问：“{hero}，那么谁去[挂|做]呢？”
a 屋里静了。有的<how>说[脚疼|头疼]，有的<how>说[没空|怕黑]，{hero}<how>数着自己的[脚趾|胡子]。
a “我去。”{hero}<kindly><said>，可是它的[腿|胡子|尾巴]<how>发抖。
--
b 夜里，{hero}<how>把铃铛藏进{food one}，猫<how>吞了下去，[一走路|一打呼噜]就响。
b 等猫睡着，{friend}<how>爬上去，用<colour>的[绳子|丝带]系好铃铛，{hero}在{place2}放哨。
b 到今天，猫还是没有铃铛，{hero}和{friend}还是<how>[躲着走|过日子]。
- [主意|办法]再<nice>，也要有<small>[老鼠|人]<how>去做。
"""
