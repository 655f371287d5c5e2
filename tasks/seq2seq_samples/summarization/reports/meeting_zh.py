"""Chinese report templates about meetings; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
moved
^ {company}的年会不能在{date}举行了。
- 秘书{person}通知大家，年会改为{date2}在{town}召开。
~ {company2}的年会仍在{date3}举行。
~ 去年有{amount}人参加了年会。
~ {town2}的酒店已经住满了。
< date date2
= {company}的年会将于{date2}在{town}召开。

money
^ {date}，{company}的董事会开会讨论{topic}。
- 会议同意投入{amount}元，由{person}负责这项工作。
~ 董事{person2}原来要求{amount2}元。
~ 关于{topic2}的表决推迟到{date2}。
~ 去年花了{amount3}元。
= {company}将投入{amount}元用于{topic}，由{person}负责。

election
- {company}的成员选出{person}担任董事长。
+ {person}在选举中得到{amount}票。
> 另一位候选人{person2}得到{amount2}票。
> 前任董事长{person3}将在{date}退休。
> {time}的第一次投票没有结果。
< amount2 amount
= {person}以{amount}票当选{company}的董事长。

room
^ 关于{topic}的会议换了时间和地点。
- {company}的员工将于{time}在{sum}室开会，不再使用{sum2}室。
~ 第一次的通知写的是{time2}。
~ 茶水放在{sum3}室。
~ 有问题请找{person}。
= {company}关于{topic}的会议{time}在{sum}室举行。

online
- 因为火车停运，{company}将在网上开会讨论{topic}。
+ 会议{date}{time}开始，由{person}主持。
> 会议记录由{person2}来写。
> 下一次网上会议定在{date2}。
> {town}的会议室原来从{time2}起就订好了。
= {person}将在{date}{time}主持{company}的网上会议。

recalled
- 因为到会的人太少，主席{person}取消了{company}{date}的会议。
+ 讨论{topic}的新会议定在{date2}{time}。
> 有些成员{time2}以后才到。
> 只有{person2}看完了全部文件。
> {company2}在{date3}也遇到了同样的事。
< date date2
= {person}决定{company}改在{date2}{time}开会。

factory
- {date}，{company}和{company2}的负责人在{town}见面。
+ 双方同意用{sum}万元在{town2}建一座工厂。
> 与{company3}的谈判在{date2}失败了。
> {town3}附近的地方太小。
> 最初的方案要花{sum2}万元。
= {company}和{company2}将用{sum}万元在{town2}建厂。

bonus
- 谈判进行到{time}，{company}同意给每名工人发{amount}元奖金。
+ 工会的{person}说，奖金将在{date}发放。
> 工会起初要求{amount2}元。
> {date2}的第一轮谈判没有成功。
> {company2}的工人得到了{amount3}元。
< amount amount2
= {company}的工人将在{date}得到{amount}元奖金。

council
^ {date}，{town}的代表们开会到深夜。
- 会议决定修建{plan}，费用为{sum}万元。
~ 代表{person}更想要{plan2}。
~ 在{town2}，同样的工程花了{sum2}万元。
~ 修建{plan2}的方案将在{date2}讨论。
= {town}决定用{sum}万元修建{plan}。

speaker
- 在{town}的大会上，{company}的{person}将在{time}作第一个报告。
+ 报告的题目是{topic}。
> 之后，{company2}的{person2}将在{time2}发言。
> 会场有{sum}个座位。
> 起初邀请的是{person3}。
< time time2
= {company}的{person}将于{time}在{town}的大会上首先作报告。
"""

PASSING = """
~ 全体客人的午餐一共花了{amount8}元。
~ {company8}也派来了客人，其中有{person8}。
~ 去{town8}的火车{time8}开出。
~ 有人读了{date8}的会议记录。
~ 桌上放着一份{sum8}页的报告。
~ {company8}的食堂{date8}不开门。
"""
