"""Chinese plots about people; see `seq2seq_samples.generation.grammar` for the notation."""

TABLE = """
丢了的东西
@ hero: folk
@ friend: craft
- {village}的{hero kind}{hero}有{thing one}，<colour>的，<very><nice>。
- <when>，{thing that}不见了，{hero}<very><sad>。
a {hero ta}<how>找遍了{place}，只[找到|摸到]<number>个{fruit}。
a {hero ta}<how>跑到<old>{wild}<at>，问了<small>{bird}，{bird}[没看见|不知道]。
? {place2}[倒有|只有]{thing2 one}，可是{hero}<how>摇头。
- <small>{friend kind}{friend}<kindly>问：“{hero}，你在找什么？”“我的{thing}！”{hero}<sad>地<said>。
b {friend}<kindly><said>：“{hero}，你[脖子上|腰上|帽子上|耳朵后面]挂的是什么？”
b {friend}<how>把{hero}<colour>的{cloth}[翻过来|抖一抖]，{thing}就掉了出来。
b {friend}想了想，<said>：“{hero}，看看你<colour>的{cloth}里面。”果然，{thing that}就在[袖子|口袋]里。
--
- {hero}<very><glad>，<how>做了{food one}[送给|谢谢]{friend}，还送了<number>个{fruit2}。
- 我们<how>找遍[天边|村子|四方]的东西，[常常|有时]就在自己[身上|手边|眼前]。

懒人种地
@ hero: grower
@ friend: grower
- <when>，{village}的{friend kind}{friend}<how>[翻地|浇水|除草]，种下<number>行{fruit}；
  邻居{hero kind}{hero}却在{tree}下<how>睡觉。
- “{hero}，[起来|快来]种{fruit}吧！”{friend}<kindly><said>。“[明天|后天|下个月]再说。”{hero}<kindly><said>，
  又<how>翻了个身。
? [雨|雪|露水]落在两块地上，只有{friend}的地<how>[绿了|发了芽]。
- 到了[秋天|冬天]，{friend}收了<number>[筐|车|担]{fruit}，{hero}只收了<number>[根|捆]<old>野草。
a {hero}<very><sad>，<kindly><said>：“{friend}，能给我[几个|一点]{fruit}吗？”
a 那天夜里，{hero}<how>吃完最后[一个|半个]{fruit2}，听着{friend}<how>唱歌。
--
b {friend}<kindly><said>：“给你一半，{hero}，[明年|春天]你要和我一起<how>干活。”
b {friend}<how>送来<number>个{fruit}和一把<colour>的[锄头|铁锹|镰刀]，{hero}<very><glad>。
? 第二年，{hero}天不亮就<how>[下地|起床]，种的{fruit3}成了{village}最<nice>的。
- [春天|播种时]<how>睡觉的人，[冬天|收获时]只能<how>[喝风|看别人吃]。

聪明的裁缝
@ hero: sewer
- {village}的[国王|王后|县官|公主]有<number>间屋子的衣裳，可还是<very><sad>。
- <when>，<small>[差人|士兵]<how>来找{hero kind}{hero}，<loudly><said>：
  “快做一件用[月光|雾气|北风|炊烟]织的{colour}衣裳！”
? {hero}<very><sad>，<how>在{place}坐了<number>[夜|天]。
- <soon>，{hero}<how>带着空[盒子|篮子|口袋]进了宫，<kindly><said>：
  “请先给我<number>根用[雨水|影子|雷声|露水]做的[针|线]。”
a 士兵们<how>找遍了<old>{wild}<at>，<how>翻遍了{place2}，谁也[找不到|拿不出]。
a 宫里人<how>忙了<number>天，[厨师|园丁]找{wild}，[卫兵|乐师]找{place2}，都<very><sad>。
--
b 大家<how>笑了：“{hero}<very>聪明，就做<colour>的[布衣|棉袍]吧。”还赏了<number>枚[金币|银币]。
b 宝座上的人<how>[点头|叹气]：“{hero}说得对，我要的东西[世上没有|太难了]。”就送给{hero ta}{thing2 one}。
? 从此{hero}<how>给人做<nice>的衣裳，名声传遍了{village2}。
- “对[做不到|没道理]的[命令|要求]，[最好|不如]<how>用[一个问题|另一个要求]来回答。”{hero}<kindly><said>。

集市上的钱包
@ hero: folk
@ friend: craft
- <when>，{hero kind}{hero}<how>挑着<number>筐{fruit}到{village}赶集。
- 在[摊子|车子|桌子]<at>，{hero ta}<how>捡到一个{colour}的钱包，里面有{number}枚[铜钱|银币]。
? “[够买|能换]{thing one}了！”{hero}<thought>。
- <small>{friend kind}{friend}<loudly>喊：“我的钱包！那是给我[母亲|弟弟|女儿]买{thing2}的！”
- {hero}<how>走过去，<kindly>问：“{friend}，是什么颜色？有多少钱？”“{colour}的，{number}枚！”{friend}<sad>地<said>。
a {hero}<how>把钱包还给{friend}，[一枚一枚|当着大家]数了<number>遍。
a “拿好，{friend}。”{hero}<kindly><said>，虽然自己的口袋[空空的|没有钱]。
--
b {friend}<very><glad>，<how>买下了{hero}所有的{fruit}。
b <soon>，{friend}<how>送来{thing2 one}，{village}的人都[夸|知道]{hero}是个好{hero kind}。
b 第二年，{hero}和{friend}<how>合开了一家[小店|铺子]，卖{fruit}，也卖<nice>的{thing2}。
- [诚实|好名声]比<number>个[钱包|金币]更[值钱|<nice>]，{friend}<kindly><said>。

暴风雨
@ hero: keeper
@ friend: sailor
- <small>{hero kind}{hero}住在{village}海边<colour>的[小屋|房子]里，养着<number>只[猫|鸡|鸽子]。
- <when>，[东边|西边|南边|北边]<how>飘来[乌云|黑云]，[大风|狂风]吹得[门窗|屋顶|{tree}]直[响|晃]。
- 海上，{friend kind}{friend}的<old>小船装满{fruit}，<how>[摇晃|打转]。
? 村里人<sad>地<said>：“这样的[风|浪]，谁敢[出海|出门]！”
a {hero}<how>把<number>盏灯提到<old>[塔|岩石|山坡]上，<how>举了一夜。
a {hero}<how>敲起<old>[钟|鼓|铜锣]，[敲了|响了]<number>百下，手都[疼了|破了]。
a {hero}<how>披上<colour>的{cloth}，拿着{thing one}走进风雨，<loudly>唱歌。
- [天亮时|<soon>]，{friend}<how>掉转船头，[靠了岸|回到家]，<very><glad>。
--
b “{hero}，[叫我怎么|我该怎么]谢你？”{friend}<kindly>问。“[坐下|进来]，[茶|汤]还热。”{hero}<kindly><said>。
b 那夜，{hero}和{friend}<how>吃着{fruit}，[等|听]着风<how>停下来。
? 从此{friend}每月<how>送来<number>个{fruit2}，{village}家家窗前都点[灯|蜡烛]。
- [一盏灯|小小的光]，[再黑|再冷]的夜里也能<how>照[一个人|一条船|朋友]回家。

一个愿望
@ hero: folk
- <when>，{hero kind}{hero}在<old>{wild}<at><how>[救了|捉到]一[条|只]<colour>的[鱼|鸟|青蛙]。
- 它<kindly><said>：“{hero}，[放了我|谢谢你]，我给你一个<nice>的愿望。”
- {hero}<thought>：“要<number>间房子，还是要{thing one}，或者<nice>的衣裳？”
? {hero ta}<how>去问{village}的<folk>，那人<kindly><said>：“要<number>箱[金子|银子]！”
a {hero}<how>看见{place}的[母亲|妹妹|弟弟|老马]<how>咳嗽，就<said>：“[请让|愿]可怜的[病好|身体好]起来。”
a {hero}看见{village}<old>田地，就<how><said>：“[请给|愿]大家[雨水|好收成]和{fruit}。”
a {hero}<how>打开[网|双手|篮子]，<kindly><said>：“我[只愿|希望]你[自由|快乐]。”
- 一道<colour>的光<how>闪过，它<how>消失在{wild}<at>。
--
b 第二天，{hero}家的{place2}放着<number>个{fruit2}和{thing2 one}，谁也[不知道|说不清]是谁送的。
b 回家的路上，{hero}<how>[唱着歌|吹着口哨]，<very><glad>，什么也[不缺|不想要]了。
b {village}的人<how>[围着|抬起]{hero}，送来<number>个{fruit2}，大家<very><glad>。
- 最<nice>的愿望，[常常是|多半是]为[别人|大家|家人]许的，{hero}<kindly><said>。

不开花的种子
@ hero: young
@ friend: folk
- <when>，{village}的{friend kind}{friend}<how>发给<number>个孩子每人一粒种子，<kindly><said>：
  “谁种出最<nice>的{flower}，谁就得到{thing one}。”
- {hero kind}{hero}<how>把花盆放在{place}，<how>浇了<number>[天|个月]水，什么也没长。
? <small>[朋友|邻居]<kindly><said>：“{hero}，去买一[棵|粒]吧，[没人|谁也不会]知道。”{hero}<how>摇头。
- 到了那天，孩子们<how>捧着<colour>的{flower}，{hero}捧着空花盆。
- “我<how>浇水，它[没有发芽|一直睡着]。”{hero}<sad>地<said>。
--
- {friend}<kindly><said>：“种子是[煮过|炒过]的，只有{hero}<how>说了[真话|实话]。”
? 许多年后，{hero}成了<small>{friend kind}，名声传到<old>{wild}<at>。
- [装着|有了]真话的空花盆，比<number>朵{flower}更<nice>。

打破的花瓶
@ hero: craft
@ friend: young
- {village}的{hero kind}{hero}有一个<colour>的[花瓶|茶壶|大碗]，<very><nice>。
- <when>，{friend kind}{friend}在{place}旁边<how>[跳舞|跑步|翻跟头]，[哗啦|当啷]一声，它碎成了<number>片。
? “[就说|只说]是[猫|风|{bird}]干的。”{friend}<thought>，可{food}也吃不下，<very><sad>。
a {hero}从<old>{wild}<at>回来，{friend}<how><said>：“{hero}，是我[打破|弄坏]的，对不起。”
a {friend}<how>把碎片埋在{tree}下，<soon>又<how>挖出来，捧到{hero}面前。
- {hero}看着{friend}，<kindly><said>：“我[小时候|像你这么大]也打破过{thing one}。”
--
- 他们<how>用<colour>的[胶|漆]粘了<number>个晚上。
b 现在那些[裂纹|细线]像[河流|树枝|闪电]，{village2}的人也<how>来看，都说<very><nice>。
b 现在它又站在<old>{wild}<at>，插着<number>朵<colour>的{flower}。
- [碎了|破了]的东西能<how>补好，[只要|如果]有人[肯|敢]说[真话|实话]。
"""
