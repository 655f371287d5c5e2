"""Chinese report templates about ball games; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
final
^ 杯赛决赛{date}在{town}举行。
- 最后一节，{team}发挥出色，以{score}战胜了{team2}。
~ 上半场结束时的比分是{half}。
~ 两队上一次在{date2}相遇，比分是{score2}。
~ 教练{person}在中场换下了三名队员。
= {team}在{town}的决赛中以{score}战胜{team2}。

comeback
- 上半场{team2}以{half}领先，但是{team}最后以{score}赢得比赛。
- 教练{person}在中场要求{team}的队员[多投篮|跑得更快]。
> 一个星期前，{team3}以{score2}输给了{team2}。
> {team2}的教练{person2}[十分失望|没有说话就离开了球馆]。
> {team2}的汽车来晚了，{time}才到。
= {person}执教的{team}以{score}逆转战胜{team2}。

last_shot
- 比赛结束前几秒，{person}为{team}投进了制胜的一球。
+ 这场对{team2}的比赛以{score}结束。
> 在那之前，{person2}有一次罚球没有投中。
> 上半场的比分是{half}。
> 胜者将在{date}迎战{team3}。
= {person}投进制胜一球，{team}以{score}战胜{team2}。

first_place
- {date}，{team}以{score}击败{team2}，升到了联赛第一名。
> 原来的第一名{team3}以{score2}输球，现在排在第二。
> 联赛将一直进行到{date2}。
> 队长{person}从第一分钟打到了最后一分钟。
= {team}在{date}以{score}击败{team2}，升到第一名。

postponed
^ {town}的篮球迷还要再等一等。
- {team}和{team2}的比赛从{date}改到{date2}，因为球馆[屋顶漏水|停电了]。
~ {team3}的比赛仍然在{date3}举行。
~ 这座球馆有{amount}个座位。
~ 队长{person}说，队员们正在家里训练。
< date date2
= {team}和{team2}的比赛不在{date}而在{date2}举行。

transfer
- 后卫{person}将离开{team2}，从{date}起为{team}打球。
+ 新球队为此支付{sum}万元。
> 另一支球队{team3}曾出价{sum2}万元。
> 中锋{person2}会留在{team2}。
> 原来的合同到{date2}为止。
= {person}以{sum}万元从{team2}转到{team}。

injury
- 在对{team2}的比赛中，{team}的{person}膝盖受伤，{date}以前不能上场。
> 医生起初说的是{date2}。
> 年轻的{person2}将代替上场。
> 尽管如此，{team}还是以{score}获胜。
> {team3}的{person3}也受伤了。
= {team}的{person}受伤，{date}以前不能上场。

new_coach
- {team}宣布由{person}担任新教练。
+ 新合同从{date}开始，每月工资{thousands}元。
> 前任教练{person2}在输给{team2}以后离开了。
> 在那以前，{team3}的{person3}拒绝了这个职位。
> 前任教练每月的工资是{thousands2}元。
= {person}从{date}起执教{team}，每月工资{thousands}元。

crowd
- {thousands}名观众在{town}观看了{team}对{team2}的比赛，创下纪录。
+ 这场比赛{team}以{score}获胜。
> 原来的纪录是{thousands2}人。
> 上半场的比分是{half}。
> 球票从{date}起就卖光了。
< thousands2 thousands
= 在{thousands}名观众面前，{team}以{score}战胜{team2}。

extra_time
^ {town}的手球比赛[进入了加时赛|在六十分钟内没有分出胜负]。
- 加时赛后，{team}以{goals}险胜{team2}。
~ {date}，这两支球队打成了{goals2}。
~ 守门员{person}一共挡住了七个球。
~ 在另一座球馆，{team3}以{goals3}获胜。
= 经过加时赛，{team}在{town}以{goals}险胜{team2}。
"""

PASSING = """
~ 另一场比赛中，{team8}以{score8}战胜{team9}。
~ 下一场比赛的球票从{date8}开始出售。
~ 裁判{person8}整晚都很轻松。
~ 大约{amount8}名球迷从{town8}坐火车赶来。
~ 球馆的大门在{time8}打开。
~ {company8}出了{amount8}元买新球衣。
"""
