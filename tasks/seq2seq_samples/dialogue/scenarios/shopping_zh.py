"""Chinese conversation templates about shopping; see `seq2seq_samples.dialogue.grammar` for the notation."""

TABLE = """
clothes
- [你好，我想找|请问有没有]{colour}的{garment}，要{size}。
- [真不巧|不好意思]，{colour}只有{size2}。{size}[还有|倒是有]{colour2}的。
- [那就|好吧，那]要{colour2}的。多少钱？
- {garment}{price}块，配上{garment2}一共{price2}块。
? [能退吗|不合适可以换吗]？ / [可以|当然]，{date}以前都行。
2 [单买多少钱|只买一件多少钱]？ / 单买{garment}是{price}块。
2 [两样一起呢|一起买多少钱]？ / 一起买是{price2}块。
2 [我最后要的什么颜色|我选了什么颜色]？ / 您选的是{colour2}。
2 [拿的是我的尺码吗|给我包的是多大的]？ / 是{size}。
- [好，我只要一件。|那就单买吧。]
- [好的，|行，]{colour2}的{garment}，{price}块。
< price price2

shoes
- [你好|下午好]，我想买{shoe}码的鞋，{colour}或者{colour2}的。
- [有|我们有]{colour2}的，{price}块。
- [太小了|有点挤脚]，能试试{shoe2}码吗？
- [给您|请试]，皮的要{price2}块。
- [这双|嗯，这双]合适。[先帮我留着|我回头来拿]，我叫{person}。
- [我的同事|那边那位]{person2}[给您留着|帮您收好]，留到{time}。
2 [哪个码合适来着|我穿多大的正好]？ / {shoe2}码正好。
2 [鞋是什么颜色的|你们有的是什么颜色]？ / 是{colour2}的。
2 [我来了找谁|鞋在谁那里]？ / 您找{person2}。
2 [给我留到几点|我几点以前要回来]？ / 留到{time}。
- [谢谢，一会儿见。|好，回头见。]
- 回头见，{person}。

grocery
- [早上好|你好]，来{kilos}{fruit}。
- [好嘞|给您]，[还要什么|别的还要吗]？
- [再来|还要]{kilos2}{fruit2}。
- [今天的|我们的]{fruit3}也很新鲜。
? [今天不要了|不用了]。对了，{fruit}改成{+kilos}吧。 / [好的|没问题]，给您装好了。
2 [{fruit}是多少来着|我买了多少{fruit}]？ / {fruit}是{kilos}。
2 [{fruit2}有多少|称了多少{fruit2}]？ / {fruit2}是{kilos2}。
2 [你刚才说什么新鲜|还有什么好的]？ / 新鲜的是{fruit3}。
- [就这些。|不要别的了。]
- [那么|一共是]{kilos}{fruit}，{kilos2}{fruit2}。

present
- [你好|能帮我参谋一下吗]，我想给{relative}和{relative2}各买一件礼物。
- [您的{relative}喜欢什么|{relative}平时爱做什么]？
- {hobby}。[另一位|那一位]喜欢{hobby2}。
- [那就|我看可以]一位送{gift}，另一位送{gift2}。
? [贵不贵|一共多少钱]？ / [两样|加起来]{price}块。
2 [给{relative}买什么来着|{relative}的礼物是什么]？ / 给{relative}买{gift}。
2 [给{relative2}送什么|{relative2}那份呢]？ / 给{relative2}送{gift2}。
2 [还记得他们的爱好吗|我说他们喜欢什么来着]？ / {relative}喜欢{hobby}，{relative2}喜欢{hobby2}。
- [两样我都要。|好主意，都买了。]
- 太好了，我把{relative}和{relative2}的礼物[包起来|装好]。

order
- [你好|喂]，我的订单{code}还没到。
- [抱歉|不好意思]，[您订的是什么|里面是什么]？
- {date}订的{colour}{furniture}。[还有|另外有]一个{furniture2}，单号{code2}。
- {furniture}{day}[到|送到]，{furniture2}{day2}到。
? [那天我不在家|那天不方便]，{furniture}能[{+day}到|改到{+day}]吗？ / [可以|行]，给您改好了。
2 [{furniture}哪天来|{furniture}是哪天送]？ / {furniture}{day}到。
2 [{furniture2}哪天来|{furniture2}什么时候送]？ / {furniture2}{day2}到。
2 [我是哪天下的单|下单日期是哪天]？ / 您是{date}下的单。
2 [{furniture}的单号是多少|哪个单号是{furniture}的]？ / 单号是{code}。
- [谢谢，对了，我叫{person}。|好，我是{person}。]
- 再见，{person}，您的{colour}{furniture}已经在路上了。

delivery
- [我要|我想买]这个{furniture}，能送货吗？
- [可以|能送]，[送到哪条路|地址是哪里]？
- {street}，{floor}。不过[账单寄到|账单请寄]{street2}，{floor2}。
- [我们可以|有空是]{day}{time}来。
? [太早了|那会儿我上班]，{+time}好一点。 / [好的|可以]，时间改了。
2 [你们送到哪里|货送到哪个地址]？ / 送到{street}。
2 [账单寄到哪里|账单上是哪个地址]？ / 账单寄到{street2}。
2 [几点送来|你们几点到]？ / 我们{time}到。
2 [给搬上楼吗|搬到几楼]？ / 搬上去，到{floor}。
- [太好了，谢谢。|好，到时候见。]
- [好的，|那就]{day}把{furniture}给您送来。
"""
