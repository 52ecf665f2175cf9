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
        "untranslated": "{text}\n\n(Still to be put into {into}: only a real model can translate.)",
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
        "untranslated": "{text}\n\n(Reste à traduire ; langue : {into}. Seul un vrai modèle sait traduire.)",
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
        "untranslated": "{text}\n\n（尚待译成{into}：只有真正的模型才会翻译。）",
    },
}
NOTES = tuple(texts["note"] for texts in TEXTS.values())

OTHER = frozenset(
    "other others else anything general misc otherwise autre autres divers sinon 其他 其它 别的 其余".split()
)
