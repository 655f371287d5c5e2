"""Chinese report templates about the weather; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
storm
^ 一场强风暴正在经过北部地区。
- 预报员{person}说，风暴将在{time}到达{town}，风速每小时可达{wind}公里。
~ 邻近的{town2}只会下[一点小雨|小雨]。
~ 早先的预报说是{time2}，后来作了更正。
~ 去年冬天，{town3}的最大风速是每小时{wind2}公里。
= 风暴将于{time}到达{town}，风速每小时{wind}公里。

record_rain
- {date}，{town}的气象站测得降雨{rain}毫米，[创下新纪录|比以往任何时候都多]。
- {town}的负责人{person}请大家不要靠近河边。
> 本地区原来的纪录是{rain2}毫米。
> 山另一边的{town2}只下了一个小时的雨。
> 人们原以为{date2}也会有大雨，结果没有下。
< rain2 rain
= {date}{town}降雨{rain}毫米，打破了纪录。

heat
^ 炎热的天气还没有结束。
- 据气象台介绍，{date}最热的地方将是{town}，气温会达到{degrees}度。
~ 昨天最热的地方是{town2}，气温为{degrees2}度。
~ 海边的{town3}不会超过{degrees3}度。
~ 医生{person}提醒老人[少出门|多喝水]。
= 预计{date}{town}气温达{degrees}度，全国最高。

fog
^ 今天早上，大雾使{town}机场停飞了所有航班。
- 机场在{time2}重新开放，有{amount}名旅客一直等到那时。
~ {town2}的机场一切正常。
~ 航空公司原来希望{time}就能起飞。
~ 附近的公路上有{amount2}辆汽车排队。
< time time2
= 大雾使{town}机场关闭到{time2}，{amount}名旅客受影响。

snow
^ 大雪封住了山里的许多道路。
- 公路局的{person}说，从{town}到{town2}的公路要到{date2}才能通车。
~ {town3}附近的山口在{date}已经开放。
~ 山顶一夜之间积雪{rain}厘米。
~ 大约有{amount}名工人正在清理道路。
< date date2
= 因为大雪，从{town}到{town2}的公路封闭到{date2}。

flood
- {time}，河水在{town}附近冲出河岸，{amount}人离开了家。
+ 离家的人现在住在{town2}的体育馆里。
> 去年的洪水曾使{amount2}人离开家。
> {town3}的河水没有超过堤坝。
> 消防员{person}在{time2}救出了一位老人。
< time time2
= {town}附近发生洪水，{amount}人住进了{town2}的体育馆。

warning
- {town}的风暴警报在{time2}解除了。
- 气象台台长{person}说，危险已经过去。
> 警报是在{time}发出的。
> 海边的{town2}还要保持警报，直到{date}。
> 副台长{person2}原来想再等一天。
< time time2
= {person}宣布，{town}的风暴警报在{time2}解除。

drought
^ 南部已经好几个星期没有下雨了。
- 从{date}起，{town}的每户人家每天只能用{sum}升水。
~ 去年的限额是{sum2}升。
~ {town2}的水来自大湖，所以没有限额。
~ 委员{person}原来建议从{date2}开始。
= 因为干旱，{town}从{date}起每天限水{sum}升。

lightning
- {time}，雷电击中了{town}的变电站，{amount}户人家停电。
+ 工程师{person}带着工人在{time2}恢复了供电。
> {town2}没有停电。
> {town3}的一座空仓库也被雷电击中。
> 此外还有{amount2}条电话线中断。
< time time2
= 雷电使{town}的{amount}户人家停电到{time2}。

festival
- 因为下雨，{town}的夏季音乐节从{date}改到{date2}。
+ [组织者|经理]{person}说，第一场演出在{time}开始。
> {town2}的音乐节在{date3}顺利结束。
> 到现在已经卖出了{amount}张票。
> 音乐节的大门将在{time2}关闭。
< time time2
< date date2
= {town}的音乐节改到{date2}，{time}开始。
"""

PASSING = """
~ {time8}，山里传来了雷声。
~ {town8}的集市照常开放。
~ 农民{person8}损失了{sum8}棵苹果树。
~ 山上的气象站海拔{sum8}米。
~ 游客在{town8}买走了{sum8}把雨伞。
~ 一年前的{date8}，天气温暖干燥。
~ 开往{town8}的渡船将在{time8}出发。
"""
