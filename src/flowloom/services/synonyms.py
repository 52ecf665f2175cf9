"""Words that mean nearly the same in English, French and Chinese, as far as everyday flows need it."""

from functools import cache

from flowloom.words import fold, raw_words, stem

# Each line is one meaning, named by its first word.
MEANINGS = """
refund reimburse reimbursement money-back moneyback remboursement rembourser rembourse retour \
return 退款 退货 退钱
technical tech bug error crash broken fail login password install technique erreur panne marche \
plante 故障 错误 崩溃 坏 打不 密码 登录 技术
billing invoice bill pay payment price cost charge card facture facturation prix payer paiement \
carte 发票 价格 付款 账单 多少钱 费用
order delivery shipping parcel package arrive ship livraison commande colis livrer 快递 订单 发货 物流 包裹
greeting hello hi hey bonjour salut bonsoir coucou 你好 您好 早上好
complaint complain angry disappointed unacceptable plainte reclamation inadmissible mecontent \
投诉 不满 抱怨
positive good great love happy excellent wonderful perfect thanks super genial parfait content \
adore merci 喜欢 满意 很好 太好 谢谢
negative bad hate awful terrible sad worst horrible mauvais nul deteste triste pire 讨厌 糟糕 很差 太差
calculate calculator calculation math maths mathematics sum plus times divided percent calcul \
calculer calculatrice fois divise 计算 乘以 除以 加上
date time day hour clock heure jour 时间 日期 几点
weather rain sunny forecast meteo pluie temps 天气 下雨
search lookup find handbook manual document rule regulation chercher trouver manuel regle 规则 \
手册 查找 搜索
holiday vacation leave conge vacances 假期 休假 年假
job hiring career apply application recruit emploi candidature embauche 招聘 求职 工作
cancel unsubscribe stop annuler resilier 取消 退订
urgent emergency asap immediately urgence immediatement 紧急 马上
yes approve accept agree ok oui accepter approuver 同意 批准
no reject refuse decline disagree non refuser rejeter 拒绝 不同意
translate translation traduire traduction 翻译
ill sick illness unwell flu fever cold malade maladie grippe rhume fievre 生病 病假 感冒 发烧
open opens opening close closes closing closed hours \
ouvert ouverte ouvrez ouvre ferme fermez fermer horaires 开门 关门 营业
stolen stole lost lose theft missing vole volee perdu perdue perte disparu 被偷 丢 遗失
exchange swap swapped echanger echange echangez echangeons 换货 能换 调换
count counts words compter compte mots 字数 多少字 几个字 多少个字 统计
sell sells sold selling sale sales vend vendre vendu vendent vente ventes 销售 卖
carry carried rollover unused leftover remaining reporter reportes restants 结转 留到 剩余
tell inform report prevenir prevenez signaler 告诉 通知
""".strip().splitlines()


def meanings(text: str) -> set[str]:
    """Names of the meanings that words of a text stand for, so that rembourser finds refund."""
    table, folded = _meaning_table(), fold(text)
    found = {table[word] for word in map(stem, raw_words(text)) if word in table}
    return found | {name for word, name in _meaning_words().items() if word in folded}


@cache
def _meaning_table() -> dict[str, str]:
    return {stem(fold(word)): f"≈{line.split()[0]}" for line in MEANINGS for word in line.split() if word.isascii()}


@cache
def _meaning_words() -> dict[str, str]:
    return {word: f"≈{line.split()[0]}" for line in MEANINGS for word in line.split() if not word.isascii()}
