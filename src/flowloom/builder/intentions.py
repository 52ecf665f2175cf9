"""What people ask a builder for, by rules: some thirty intentions in English, French and Chinese."""

import re
from collections.abc import Mapping
from typing import Literal

Intention = Literal[
    "undo", "help", "rename", "always", "language", "audience", "kind", "short", "formal", "funny", "strict",
    "add starter", "new starters", "no starters", "picture", "model fast", "model careful", "model default",
    "person answers", "text answers", "nobody answers", "web", "pictures", "data", "memory", "sums", "knowledge",
    "remove block", "description", "beyond",
]  # fmt: skip

OFF = re.compile(
    r"\b(?:no|not|without|remove|disable|turn off|switch off|stop|forget|don[’']t)\b|"
    r"\b(?:sans|retire|enlève|désactive|"
    r"coupe|arrête|plus besoin)|不要|不需要|关闭|关掉|去掉|停用|取消|别",
    re.IGNORECASE,
)
"""Whether an ability is to go."""

INTENTIONS: Mapping[Intention, re.Pattern[str]] = {
    "undo": re.compile(
        r"^\W*(?:undo|take (?:it|that) back|go back|revert|annule|défais|reviens en arrière|"
        r"撤销|撤回|恢复上一步)",
        re.IGNORECASE,
    ),
    "help": re.compile(
        r"^\W*(?:help\W*$|what can (?:you|i)|what else can|how does this work|que (?:peux|sais)-tu|aide\W*$|"
        r"你能做什么|你会什么|帮助\W*$|怎么用)",
        re.IGNORECASE,
    ),
    "rename": re.compile(
        r"(?:\b(?:call|name|rename) (?:it|this|the gpt)(?: to)?|\bits name is|"
        r"\b(?:appelle|nomme|renomme)(?:-le|-la|-les)?"
        r"(?: en)?|\bson nom est|叫它|命名为|改名为?|名字叫|名称改为)[\s:：“\"«]*(?P<what>[^\n”\"»。]{1,100})",
        re.IGNORECASE,
    ),
    "description": re.compile(
        r"(?:\bdescription\b(?: is| should be| to| est| en)?|描述(?:改为|是)?)\s?[:：]\s?(?P<what>[^\n]{3,1000})",
        re.IGNORECASE,
    ),
    "add starter": re.compile(
        r"(?:\b(?:add|new|another)\b.{0,20}\b(?:starter|example question|suggestion)\b|"
        r"\b(?:ajoute|nouvelle)\b.{0,20}"
        r"\b(?:amorce|suggestion)\b|(?:添加|增加|加一个|新增).{0,8}开场白)(?: de conversation)?[\s:：“\"«]*"
        r"(?P<what>[^\n”\"»]{2,400})",
        re.IGNORECASE,
    ),
    "new starters": re.compile(
        r"\b(?:new|other|different|better) (?:conversation )?starters|\b(?:autres|"
        r"nouvelles|meilleures) amorces|"
        r"换.{0,4}开场白|新的开场白|重写开场白",
        re.IGNORECASE,
    ),
    "no starters": re.compile(
        r"\b(?:remove|delete|no|without)\b.{0,20}\bstarters|\b(?:retire|supprime|sans)\b.{0,20}\bamorces|"
        r"(?:去掉|删除|不要).{0,6}开场白",
        re.IGNORECASE,
    ),
    "picture": re.compile(
        r"\b(?:new|other|another|different|change)\b.{0,20}\b(?:icon|picture of the gpt|logo|avatar)\b|"
        r"\b(?:change|autre|nouvelle)\b.{0,12}\b(?:icône|logo|avatar)|换.{0,4}(?:图标|头像)",
        re.IGNORECASE,
    ),
    "person answers": re.compile(
        r"\b(?:ask|hand over to|forward to|let)\b.{0,12}\b(?:a person|a human|a colleague|someone|me)\b.{0,40}"
        r"\b(?:can[’']t|cannot|fails|doesn[’']t know|stuck)|\b(?:demande|passe)\b.{0,16}\b(?:personne|"
        r"humain|collègue)\b|"
        r"(?:转人工|问人工|让人来回答|人工回答)",
        re.IGNORECASE,
    ),
    "text answers": re.compile(
        r"\b(?:if|when) (?:it|you|the (?:model|gpt)) (?:can[’']t|can ?not|fails?|do(?:es)?n[’']t know)"
        r"[^,:：]{0,30}[,:：]?\s?(?:say|answer)[\s:：“\"«]*"
        r"(?P<what>[^\n”\"»]{2,400})|\b(?:s[’']il|si tu|si vous) ne (?:peu[tx]|pouvez|sai[ts]|savez) pas"
        r"[^,:：]{0,30}[,:：]?\s?(?:dis|"
        r"réponds)[\s:：“\"«]*"
        r"(?P<fr>[^\n”\"»]{2,400})|(?:无法回答|答不上来|回答不了)(?:时|的时候|的话)?[，,]?(?:就?说|"
        r"回答)[：:“]*(?P<zh>[^\n”]{2,400})",
        re.IGNORECASE,
    ),
    "nobody answers": re.compile(
        r"\bno fallback|\bremove the fallback|\bsans repli|\bretire la réponse fixe|不要兜底|去掉固定回答",
        re.IGNORECASE,
    ),
    "model fast": re.compile(
        r"\b(?:fast|faster|quick|cheap|cheaper) model|\bmodèle (?:rapide|plus rapide|"
        r"moins cher)|快速模型|便宜的?模型|更快的模型",
        re.IGNORECASE,
    ),
    "model careful": re.compile(
        r"\b(?:careful|best|better|smarter|high-quality|strong(?:er)?) model|"
        r"\b(?:meilleur modèle|modèle de qualité)|"
        r"高质量模型|更好的模型|更聪明的模型",
        re.IGNORECASE,
    ),
    "model default": re.compile(
        r"\b(?:default|usual|normal) model|\bmodèle (?:par défaut|habituel)|默认模型", re.IGNORECASE
    ),
    "beyond": re.compile(
        r"\b(?:branch|loop|webhook|every (?:day|morning|week)|schedule it|"
        r"deploy|phone calls?|take payments?|send (?:an |the )?"
        r"e-?mails?|delete (?:all|everything)|remove (?:all|everything))\b|"
        r"\b(?:branche|boucle|tous les (?:jours|matins)|"
        r"encaisse|envoie des (?:mails|courriels)|supprime tout|efface tout)\b|"
        r"分支|循环|定时|每天自动|收款|发邮件|删除全部|全部删除|清空",
        re.IGNORECASE,
    ),
    "remove block": re.compile(
        r"\b(?:remove|delete) (?:the )?(?:block )?[“\"«]?(?P<what>[^\n”\"».,]{2,60})|"
        r"\b(?:retire|supprime|enlève) "
        r"(?:le |la |l[’'])?(?:bloc )?[“\"«]?(?P<fr>[^\n”\"».,]{2,60})|(?:移除|"
        r"删除|去掉)(?:模块)?[“]?(?P<zh>[^\n”。，]{2,30})",
        re.IGNORECASE,
    ),
    "knowledge": re.compile(
        r"\b(?:my|our|from|the|use)\b.{0,12}\b(?:documents?|files?|handbook|"
        r"pdfs?|knowledge)\b|\b(?:mes|nos|des|les)\b.{0,8}"
        r"\b(?:documents|fichiers|pdf)\b|文档|资料|文件|知识库",
        re.IGNORECASE,
    ),
    "web": re.compile(
        r"\b(?:the web|internet|online|websites?|google|news)\b|\ble web\b|en ligne|上网|网络|网上|搜索引擎",
        re.IGNORECASE,
    ),
    "pictures": re.compile(
        r"\b(?:make|draw|create|generate|no|without)\b.{0,12}\b(?:pictures?|images?|drawings?)\b|"
        r"\b(?:crée\w*|dessin\w*|génère\w*|sans)\b.{0,12}\b(?:images?|dessins?)\b|画图|生成图片|画画|图片",
        re.IGNORECASE,
    ),
    "data": re.compile(
        r"\b(?:data analysis|analy[sz]e|spreadsheets?|charts?|csv|excel)\b|"
        r"\b(?:analyse de données|tableurs?|graphiques?)\b|"
        r"数据分析|分析表格|图表|表格",
        re.IGNORECASE,
    ),
    "memory": re.compile(
        r"\b(?:remembers?|memory|memori[sz]e)\b|\b(?:souvien\w*|souvenir|mémoire|retien\w*)\b|记住|记忆|记得",
        re.IGNORECASE,
    ),
    "sums": re.compile(
        r"\b(?:calculator|calculate|maths?|sums|dates?|percentages?)\b|\b(?:calcul\w*|"
        r"calculatrice|pourcentages?|date)\b|"
        r"计算|算数|日期|计算器",
        re.IGNORECASE,
    ),
    "language": re.compile(
        r"\b(?:answers?|replies|reply|speaks?|talks?) (?:only |always )?in (?P<what>[A-Za-z]{4,20})\b|"
        r"\b(?:répond\w*|parle\w*) (?:toujours |seulement )?en (?P<fr>[a-zéèç]{4,20})|"
        r"用(?P<zh>[\u4e00-\u9fff]{1,6}[文语])(?:回答|回复|说)",
        re.IGNORECASE,
    ),
    "audience": re.compile(
        r"\b(?:it[’']s|it is|made|meant) for (?P<what>[^\n.,]{3,80})|\b(?:c[’']est|"
        r"fait) pour (?P<fr>[^\n.,]{3,80})|"
        r"(?:给|面向|适合)(?P<zh>[^\n。，]{2,30})(?:用|使用|的$|$)",
        re.IGNORECASE,
    ),
    "kind": re.compile(
        r"\b(?:friendl|kind(?:er)?\b|warmer|nicer|patient\b|encourag)|\b(?:gentil|chaleureu|bienveill|sympa)|"
        r"友好|友善|亲切|温柔|耐心",
        re.IGNORECASE,
    ),
    "short": re.compile(
        r"\b(?:shorter|short\b|brief|concise)|\b(?:plus court|bref|concis|brièvement)|简短|简洁|短一点",
        re.IGNORECASE,
    ),
    "formal": re.compile(
        r"\b(?:formal|polite|professional)|\b(?:formel|poli\b|soutenu|professionnel)|"
        r"正式|礼貌|专业",
        re.IGNORECASE,
    ),
    "funny": re.compile(
        r"\b(?:funn|humou?r|witty|playful)|\b(?:drôle|humour|marrant)|幽默|有趣|搞笑|风趣", re.IGNORECASE
    ),
    "strict": re.compile(
        r"\b(?:strict|exact|rigorous|precise)|\b(?:strict|exigeant|précis|"
        r"rigoureu)|严格|严谨|精确",
        re.IGNORECASE,
    ),
    "always": re.compile(
        r"^\W*(?:please |and |also )*(?:it (?:should|must|has to)|always|never|"
        r"don[’']t|do not|make sure|ask|answer|start|"
        r"end|use|tell|explain)\b|^\W*(?:il (?:doit|faut)|toujours|jamais|"
        r"ne |demande|réponds|commence|finis|utilise|"
        r"explique)|^\W*(?:它?(?:应该|必须|要|总是|从不|不要|不能)|请?(?:始终|每次|一定))",
        re.IGNORECASE,
    ),
}
"""The first that fits counts; what is said of a block comes before what is said of the tone."""
