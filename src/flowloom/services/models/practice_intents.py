"""What people are after when they write, as they put it in English, French and Chinese, and how labels name it.

Texts are folded before they are searched: small letters without accents.
"""

import re
from typing import NamedTuple

from flowloom.words import fold


class Intent(NamedTuple):
    """What a label of this kind says, and what a text of this kind says; both patterns are for folded texts."""

    label: re.Pattern[str]
    said: re.Pattern[str]
    weight: float = 1.0


LONGEST = 2_000
"""Characters that tell what a text is after."""
_OPENS_A_QUESTION = (
    r"^\W*(?:is|are|am|was|do|does|did|can|could|will|would|shall|should|may|might|have|has)\s"
    r"(?:i|you|we|they|he|she|it|there|this|that|the|my|your|anyone|somebody)\b"
)
_QUESTION = re.compile(
    _OPENS_A_QUESTION + "|"
    r"[?？]|^\W*(?:what|who|whose|how|when|where|why|which|do you|does|can you|could you|is there"
    r"|are there|are you|may i)\b"
    r"|\b(?:want to know|like to know|wonder(?:ing)? (?:if|whether|what|how)|could you tell"
    r"|can you tell|tell me (?:if|whether|how"
    r"|what|when|where)|any idea)\b"
    r"|^\W*(?:quel(?:le)?s?|qui|comment|ou|quand|pourquoi|combien|est-ce)\b|\b(?:est-ce que"
    r"|voudrais savoir|aimerais savoir"
    r"|pouvez-vous me dire|je me demande|savez-vous)\b|请问|吗|呢$|几点|多少|怎么|如何|哪里|什么时候|想知道|想问"
)
_COMPLAINT = re.compile(
    r"\b(?:broken|broke|damaged|torn|cracked|smashed|missing|spoi?led|sour|dirty|rude|unfriendly"
    r"|cold food|wrong (?:item|size|colou?r"
    r"|product|order)|late again|too late|delayed?|never (?:came|arrived|got|received)"
    r"|not (?:yet )?(?:arrived|come|received|happy"
    r"|pleased|satisfied|acceptable|good enough|what i)|hasn['’]t (?:arrived|come)"
    r"|haven['’]t (?:received|got)|still (?:nothing|no"
    r" |waiting|not|haven)|been waiting|waited (?:for )?(?:an? |\d|two|three|half)"
    r"|keep(?:s)? (?:calling|waiting)|fed up|had enough"
    r"|unacceptable|disappoint\w*|angry|furious|annoy\w*|frustrat\w*|ridiculous|a joke|scandal\w*"
    r"|disgust\w*|terribl\w+|awful|horribl\w+"
    r"|worst|useless|poor (?:service|quality)|bad (?:service|quality|experience)|complain\w*|complaint"
    r"|nobody|no one (?:answers|picks"
    r"|replies|came)|(?:third|second|fourth) time|overcharged|charged (?:me )?twice|double charged"
    r"|ignored|too (?:loud|small|expensive"
    r"|slow)|was cold|waste of|let down|sick of|does(?:n['’]t| not) work|stopped working)\b"
    r"|\b(?:casse\w*|abime\w*|dechire\w*|endommage\w*|manqu(?:e|ait|ant)\b|en retard|jamais (?:arrive"
    r"|recu|venu)|pas (?:arrive|recu|content\w*"
    r"|satisfait\w*|normal|acceptable|livre\w*)|toujours (?:rien|pas)|j['’]attends depuis"
    r"|attend\w* depuis|en ai (?:assez|marre)|ras le bol"
    r"|inadmissible|inacceptable|decu\w*|mecontent\w*|furieu\w+|en colere|scandaleu\w+|honteu\w+"
    r"|horrible|affreu\w+|lamentable|pire"
    r"|nul(?:le)?s?|reclamation|plain\w+|personne ne (?:repond|vient|decroche)|(?:deuxieme|troisieme"
    r"|quatrieme) fois|froid\w*|sale\b|impoli\w*"
    r"|desagreable|trop (?:cher|lent|petit|bruyant)\w*|erreur de|debite deux fois|ne (?:marche"
    r"|fonctionne) (?:pas|plus))"
    r"|坏|破了|碎|损|漏了|少了|没收到|没到|还没(?:来|到|发|收)|没人(?:理|接|管|回)|太慢|太差|太贵|太吵"
    r"|失望|生气|不满|投诉|差评|糟糕|受够|气死"
    r"|第[二三四五]次|发错|寄错|态度(?:差|恶劣|不好)|等了.{0,8}(?:天|周|星期|小时|个月)|不能接受|难吃|变质|骗"
)
# Whoever tells what became of an order without asking anything is seldom pleased.
_EXPERIENCE = re.compile(
    r"^(?![^?？]*[?？吗])(?:.*\b(?:i|we) (?:ordered|bought|paid|got|received|was told|were told)\b"
    r"|.*\byour (?:driver|courier|staff|waiter|waitress|shop|team|colleague|hotline|website)\b"
    r"|.*\b(?:j['’]ai|nous avons) (?:commande|achete|paye|recu)|.*\b(?:le livreur|votre (?:livreur"
    r"|equipe|personnel|site|magasin))\b"
    r"|.*(?:我(?:订|买|要)的|结果(?:寄|送|收)|收到的|快递员|你们的?(?:客服|店员|员工|司机)))"
)
_FAULT = re.compile(
    r"\b(?:broken|broke|cracked|smashed|torn|silent|no (?:sound|picture|power|signal|light)|crash\w*"
    r"|freez\w+|froze\w*|bug|glitch\w*|error|fault\w*"
    r"|defect\w*|stuck|blank screen"
    r"|black screen|hangs?|not (?:work\w*|start\w*|load\w*|open\w*|turn\w* on|switch\w* on|charg\w*"
    r"|connect\w*|respond\w*)|stopped work\w*"
    r"|(?:does|do|did|will|can|is|are|wo|has|have)(?: not|n['’]t) (?:work|start|load|open|turn|switch"
    r"|charge|connect|respond|play|print|close"
    r"|install|let me)\w*|can['’]?t (?:log|sign|open|start|install|connect|play)\w*|came? (?:off|apart"
    r"|loose)|fell (?:off|apart)|fall(?:s|ing)"
    r" (?:off|apart)|leak\w*|smells? of|makes? (?:a )?(?:strange|weird|funny|loud) (?:noise|sound)\w*"
    r"|overheat\w*|shuts? (?:down|off)"
    r"|(?:goes|gone|went|stays|is) (?:black|dead|blank)|dead on arrival|damaged|malfunction\w*"
    r"|keeps? (?:crash|restart|freez|stop)\w+)\b"
    r"|\b(?:casse\w*|pas de son|sans son|plant(?:e|ent|er|ee?s?)\b|bloque\w*|en panne|panne|bug\w*|erreur|defaut"
    r"|defectueu\w+|fuit|fuite|ecran (?:noir|blanc)"
    r"|reste noir|(?:s['’]eteint|s['’]arrete|redemarre) (?:tout|toute|sans)|ne (?:marche|fonctionne"
    r"|demarre|s['’]allume|s['’]ouvre|charge|repond|se"
    r" connecte)\w* (?:pas|plus)|impossible (?:de|d['’]) ?(?:se connecter|ouvrir|installer|demarrer"
    r"|l['’]ouvrir)|s['’]est (?:casse|dechire|decolle)\w*"
    r"|fait un bruit|abime\w*|endommage\w*)"
    r"|坏|没有?(?:声音|画面|信号|电|反应)|崩溃|闪退|死机|卡住|卡死|黑屏|是黑的|打不开|开不了|不能用"
    r"|用不了|没反应|报错|出错|故障|漏水"
    r"|漏电|裂|碎|断了|掉了|充不(?:进|了)电|连不上|登不上|不亮|失灵|有异响"
)
_REFUND = re.compile(
    r"\b(?:refund\w*|reimburse\w*|money back|(?:get|want|give|receive|have) (?:me )?(?:back )?my money"
    r"|pay me back|send(?:ing)? (?:\w+ ){1,4}back"
    r"|return(?:ing)? (?:it|them|this|these|the|my|an?)\b|give (?:it|them) back|cancel\w*|call off"
    r"|chang\w+ my mind|(?:do|did)(?: not|n['’]t) want"
    r" (?:it|them|this) any ?more|no longer (?:want|need))\b"
    r"|\b(?:rembours\w+|mon argent|rendre (?:le|la|les|mon|ma|mes|un|une|ce|cette)\b"
    r"|rendre l['’]argent|renvoy\w+|retourn(?:er|e) (?:le|la|les|mon|ma"
    r"|mes|un|une|cet|cette|ce|l['’])|annul\w+"
    r"|change d['’]avis|n['’]en veux plus|ne (?:le|la|les) veux plus)"
    r"|退款|退钱|退货|退掉|退回|退给|把钱|取消|不想要了|不要了|改变主意"
)
_PRAISE = re.compile(
    r"\b(?:lovely|great|excellent|wonderful|perfect\w*|amazing|fantastic|delicious|brilliant|love(?:d"
    r"|ly)?|well done|good job|friendly|happy with"
    r"|very (?:happy|pleased|good|nice)|come (?:again|back)|recommend|best|awesome|superb?e?|genial\w*"
    r"|parfait\w*|formidable|delicieu\w+|adore\w*|bravo"
    r"|ravi\w*|magnifique|excellente?|tres (?:bon|content|gentil)\w*|reviendr\w+|recommande)\b"
    r"|很好|太好|真好|棒|喜欢|满意|完美|好吃|赞|感谢|推荐|开心|下次还"
)
_LATE = re.compile(
    r"\b(?:late|overdue|behind|remind\w*|(?:has|have|had)(?: not|n['’]t) (?:\w+ )?(?:brought|returned"
    r"|given)|still (?:has|have|got|owes?|keep\w*|out|to|must|needs?)"
    r"|not (?:yet )?(?:back|returned|brought)|past due|too long|en retard|retards?|rappel\w*"
    r"|pas (?:encore )?(?:rendu|rapporte)\w*"
    r"|toujours pas|doi(?:t|vent) encore|n['’]a(?:nt|s)? (?:pas|jamais) rendu)\b|逾期|过期|超期|没还"
    r"|未还|还没.{0,4}还|迟|催还|没有归还|到期"
)
_DELIVERY = re.compile(
    r"\b(?:deliver\w*|shipping|shipped|ship|parcel|package|track\w*|courier|livr(?:e|er|aison|aisons)"
    r"|colis|suivi|expedi\w+)\b|快递|物流|发货|送货|包裹|到货"
)
_COMPLAINED = re.compile(
    r"\b(?:complain\w*|not (?:\w+ )?(?:happy|pleased|satisfied)|unhappy|dissatisf\w+|critic\w+"
    r"|negative|angry|bad|plainte|reclamation"
    r"|pas (?:\w+ )?content\w*|mecontent\w*|critiqu\w+|negatif|negative)\b|投诉|不满|差评|批评|负面|抱怨"
)
INTENTS: dict[str, Intent] = {
    "question": Intent(
        re.compile(
            r"\b(?:questions?|enquir\w+|inquir\w+|asks?|want\w* to know|information|demande"
            r"|renseignement|savoir)\b|提问|咨询|询问|想知道|问题"
        ),
        _QUESTION,
        0.6,
    ),
    "complaint": Intent(
        _COMPLAINED,
        _COMPLAINT,
    ),
    "experience": Intent(_COMPLAINED, _EXPERIENCE, 0.4),
    "fault": Intent(
        re.compile(
            r"\b(?:broken|crash\w*|faults?|bugs?|technical|defects?|does not work|doesn['’]t work"
            r"|errors?|repair|panne|casse|plante"
            r"|ne marche pas|erreur|technique|defaut)\b|故障|坏了|崩溃|不能用|报错|技术|维修"
        ),
        _FAULT,
    ),
    "refund": Intent(
        re.compile(
            r"\b(?:refunds?|money back|returns?|cancel\w*|rembours\w+|renvoyer|retours?|annul\w+)\b"
            r"|退款|退货|退钱|取消"
        ),
        _REFUND,
    ),
    "praise": Intent(
        re.compile(
            r"(?<!not )\b(?:praise|positive|is pleased|compliments?|good|happy|felicitations?|positif"
            r"|louange|eloge)\b|表扬|好评|正面|赞扬"
        ),
        _PRAISE,
    ),
    "thanks": Intent(
        re.compile(
            r"\b(?:thanks?|gratitude|goodbye|greetings?|remercie\w*|merci|salutations?)\b|感谢|致谢|问候|告别"
        ),
        _PRAISE,
        0.4,
    ),
    "late": Intent(
        re.compile(
            r"\b(?:overdue|late|brought (?:\w+ )?back|remind\w*|en retard|retards?|rappel\w*"
            r"|rendus?)\b|逾期|催还|没还|未还|超期"
        ),
        _LATE,
    ),
    "search": Intent(
        re.compile(
            r"\b(?:look(?:s|ing)? (?:for|up)|search\w*|finds?|finding|cherch\w+|trouver|recherche)\b"
            r"|查找|搜索|找书|找"
        ),
        re.compile(
            r"\b(?:look(?:ing)? for|do you have|have you got|got any|is there (?:a|an|any)"
            r"|are there any|anything (?:by|on|about)|any books?"
            r"|find|search|cherche\w*|avez-vous|vous avez|y a-t-il|quelque chose (?:de|sur)|trouver)\b"
            r"|有没有|有.{1,20}[吗么]|找|想看|想借"
        ),
        0.6,
    ),
    "delivery": Intent(
        re.compile(
            r"\b(?:deliver\w*|shipping|parcels?|tracking|livraisons?|colis|expedition)\b|快递|物流|发货|送货"
        ),
        _DELIVERY,
    ),
}
_COURTESY = re.compile(
    r"\b(?:thanks?(?: you)?|thx|cheers|bye|goodbye|good bye|see you|have a (?:nice|good|great"
    r"|lovely) (?:day|evening|weekend|one)|take care"
    r"|hello|hi|hey|good (?:morning|evening|afternoon|night|day)|merci|au revoir|a bientot"
    r"|bonne (?:journee|soiree|nuit|continuation)"
    r"|bonjour|bonsoir|salut|coucou)\b|谢谢|多谢|感谢|再见|拜拜|回头见|你好|您好|早上好|晚上好|祝你|祝您|愉快"
)
_POLITE = re.compile(
    r"\b(?:ok|okay|great|perfect|fine|alright|all right|well|there|then|so|very|much|a lot|again"
    r"|everyone|everybody|all|you|to|too|for|the|your"
    r"|help|later|soon|tomorrow|that|is|was|and|that['’]s|beaucoup|bien|tres|parfait|d['’]accord|super"
    r"|tout|le|monde|a|tous|toutes|pour"
    r"|votre|ton|aide|et|demain|bon|alors|vous|toi|aussi)\b|好的|好|啦|了|的|啊|呀|哦|嗯|大家|非常|很"
    r"|帮助|你|您|们|明天|一天|今天"
)
_DENIED = re.compile(
    r"\b(?:do(?: not|n['’]t)|did(?: not|n['’]t)|not) (?:want|need|ask\w*"
    r"|look\w*)(?: for)?(?: to have)? (?:a |an |my |any |the )?\w+(?! any ?more)"
    r"|\bne (?:veux|demande|cherche) pas (?:de |d['’]|un |une |le |la )?\w+|不(?:是|想|用"
    r"|需要)(?:要)?(?:退款|退货|投诉|退钱|取消)",
    re.IGNORECASE,
)


_LETTER = re.compile(r"[^\W_]")


def is_courtesy(text: str) -> bool:
    """Whether a text says nothing but hello, thanks or goodbye."""
    folded = fold(text[:200])
    if len(text) > 120 or not _COURTESY.search(folded):
        return False
    return not _LETTER.search(_POLITE.sub(" ", _COURTESY.sub(" ", folded)))


def without_denials(text: str) -> str:
    """The text without what it says that the person does not want."""
    return _DENIED.sub(" ", text[:LONGEST])


def intents_of(text: str) -> set[str]:
    """What a text is after."""
    folded = fold(text[:LONGEST])
    return {name for name, intent in INTENTS.items() if intent.said.search(folded)}


def intents_named(label: str) -> set[str]:
    """What a label with its description is for."""
    folded = fold(label[:LONGEST])
    return {name for name, intent in INTENTS.items() if intent.label.search(folded)}
