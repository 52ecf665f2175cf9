"""What the practice model says of its own, in the languages it knows."""

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "note": "(Practice model: no AI, only rules. Choose a real model in Settings.)",
        "restate": "You wrote: “{text}”",
        "task": "My instructions: “{text}”",
        "empty": "There was nothing to answer: the message is empty.",
        "greeting": "Hello! Ask me something.",
        "sources": "Sources:",
        "nothing": "I found nothing about this in the passages I was given.",
        "result": "The result: {text}",
        "no_result": "The tool gave no result.",
        "missing": "To use “{tool}” I still need: {fields}.",
        "summary": "In short: {text}",
    },
    "fr": {
        "note": "(Modèle d’entraînement : pas d’IA, que des règles. Vrais modèles : voir Réglages.)",
        "restate": "Vous avez écrit : « {text} »",
        "task": "Mes consignes : « {text} »",
        "empty": "Il n’y avait rien à répondre : le message est vide.",
        "greeting": "Bonjour ! Posez-moi une question.",
        "sources": "Sources :",
        "nothing": "Je n’ai rien trouvé à ce sujet dans les passages fournis.",
        "result": "Le résultat : {text}",
        "no_result": "L’outil n’a rien donné.",
        "missing": "Pour utiliser « {tool} », il me manque : {fields}.",
        "summary": "En bref : {text}",
    },
    "zh": {
        "note": "（练习模型：不是人工智能，只按规则回答。可在“设置”中选择真正的模型。）",
        "restate": "您写道：“{text}”",
        "task": "我的指示：“{text}”",
        "empty": "消息是空的，没有可回答的内容。",
        "greeting": "您好！请提问。",
        "sources": "来源：",
        "nothing": "在给出的段落里没有找到相关内容。",
        "result": "结果：{text}",
        "no_result": "工具没有给出结果。",
        "missing": "要使用“{tool}”，还需要：{fields}。",
        "summary": "简而言之：{text}",
    },
}
NOTES = tuple(texts["note"] for texts in TEXTS.values())

# Words that mean nearly the same when one sorts messages; each line is one meaning.
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
""".strip().splitlines()
OTHER = frozenset(
    "other others else anything general misc otherwise autre autres divers sinon 其他 其它 别的 其余".split()
)
