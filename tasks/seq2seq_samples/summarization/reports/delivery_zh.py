"""Chinese report templates about deliveries; see `seq2seq_samples.summarization.grammar` for the notation."""

TABLE = """
truck
- {date}，一辆货车把{amount}箱{item}送到了{town}的{company}。
> 在那以前，{amount2}箱{item2}的订单被取消了。
> 司机{person}是{time}从{town2}出发的。
> 另一家公司{company2}还在等{amount3}箱{item3}。
> 下一辆货车预计{date2}到达。
= {town}的{company}在{date}收到{amount}箱{item}。

lost_parcel
^ 从{town}寄给{person}的一个包裹在路上丢失了。
- {date2}{time}，包裹终于找到，交到了{person}手里。
~ 快递公司原来说{date}送到。
~ 司机起初把包裹错放在{person2}家门口。
~ 货车{time2}就已经过了{town2}。
< date date2
= {person}在{date2}{time}收到从{town}寄来的包裹。

part
- {company}订了{amount2}箱{item}，但是{date}只到了{amount}箱。
+ {company2}的{person}保证，其余的货{date2}送到。
> 另外订的{amount3}箱{item2}一箱也不少。
> 店员{person2}把箱子数了两遍。
> {company3}的货都到齐了。
< amount amount2
< date date2
= {company}订的{amount2}箱{item}，{date}只到了{amount}箱。

wrong_turn
- 一辆货车装着{amount}箱{item}，本来要去{town}，却开到了{town2}。
+ 司机{person}说，货物{time2}才送到商店。
> 商店原来以为{time}就能收到。
> 装着{amount2}箱{item2}的另一辆车准时到达。
> 正确的路要经过{town3}。
< time time2
= 送往{town}的{amount}箱{item}误到{town2}，{time2}才送到。

hospital
^ {town}的医院请求帮助。
- {company}马上送去了{amount}箱{item}，{time}到达医院。
~ {town2}的医院目前什么也不缺。
~ 另一家公司{company2}只拿得出{amount2}箱{item2}。
~ 护士{person}从{time2}起就在等候。
= {company}在{time}给{town}的医院送到{amount}箱{item}。

refund
- 因为{item}送到时已经损坏，{company}退给{person}{amount}元。
+ 这笔钱在{date2}汇出。
> 整个订单一共{amount2}元。
> 货物{date}就已经上路了。
> {person2}订的{item2}没有损坏。
< amount amount2
< date date2
= {item}损坏，{person}从{company}得到{amount}元退款。

price
- 从{date}起，{company}运一车货到{town}要收{amount}元。
+ 涨价的原因是[新的过路费|油价]。
> 在那以前，一车货只收{amount2}元。
> 运一车货到{town2}还是{amount3}元。
> {company2}的司机们将在{date2}作出决定。
< amount2 amount
= {company}从{date}起运货到{town}，每车{amount}元。

drone
^ 无人机第一次飞过大湖送货。
- {company}的无人机从{town}飞到{town2}，在{time2}降落。
- 机上装着{person}订的{item}。
~ 无人机是{time}起飞的。
~ {date}，在{town3}附近的第一次试飞没有成功。
~ 这次飞行花了{amount}元。
< time time2
= {company}的无人机{time2}到{town2}，给{person}送去{item}。

ship
- {date2}，一艘装着{amount}箱{item}的货船到达{town}港口。
+ 这批货是{company}订的。
> 货船是{date}离开{town2}的。
> 另一艘装着{amount2}箱{item2}的船还在海上。
> 船长{person}说一路上很平静。
< date date2
= 货船在{date2}为{company}把{amount}箱{item}运到{town}。

changed_order
^ {person}起初向{company}订了{amount2}箱{item2}。
- 两天以后，订单改成了{amount}箱{item}。
+ 货物{date}送到了{town}。
~ {town2}的仓库里还有{amount3}箱{item2}。
~ 店员{person2}在{date2}寄出了账单。
~ {company2}也收到一份相似的订单。
= {person}在{date}收到{company}的{amount}箱{item}。
"""

PASSING = """
~ 所有司机都在桥边等到{time8}。
~ {company8}的一辆货车在{town8}附近坏了。
~ {person8}在{town8}开了一家新邮局。
~ 过路费一共花了{amount8}元。
~ 仓库{time8}开门。
~ {company8}去年运送了{amount8}箱{item8}。
"""
