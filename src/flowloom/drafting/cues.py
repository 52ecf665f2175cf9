"""The words by which a wish tells what a GPT is for, in English, French and Chinese."""

import re
from collections.abc import Mapping
from typing import Literal

Purpose = Literal[
    "quiz",
    "translate",
    "code",
    "analyse",
    "documents",
    "support",
    "summarise",
    "improve",
    "tutor",
    "plan",
    "play",
    "coach",
    "recommend",
    "write",
    "general",
]


PURPOSES: Mapping[Purpose, re.Pattern[str]] = {
    "quiz": re.compile(
        r"\bquiz|\bflash ?card|\btests? (?:me|my|us|them)\b|\binterrog|\bquestionnaire|"
        r"测验|考(?:我|考|学生|孩子|初|高|小)|抽背|出题",
        re.IGNORECASE,
    ),
    "translate": re.compile(
        r"\btranslat|\btradui|\btraduct|翻译|译成",
        re.IGNORECASE,
    ),
    "code": re.compile(
        r"\bcod(?:e|ing|er)\b|\bprogramm(?:ing|er|ation)|\bpython\b|\bjavascript\b|\bdebug|代码|编程",
        re.IGNORECASE,
    ),
    "analyse": re.compile(
        r"\banaly[sz]\w* (?:my |our |the |mes |nos |les )?(?:sales|data|figures|"
        r"numbers|results|tables?|survey|ventes|"
        r"données|chiffres)|\bspreadsheet|\bcsv\b|\bexcel\b|\btableur|数据分析|"
        r"分析.{0,6}(?:数据|表格|销售)|表格",
        re.IGNORECASE,
    ),
    "documents": re.compile(
        r"\bdocuments?\b|文档",
        re.IGNORECASE,
    ),
    "support": re.compile(
        r"\bcustomer|\bsupport desk|\bhelp ?desk|\brefund|\bservice client|\bclients\b|客服|顾客|客户",
        re.IGNORECASE,
    ),
    "summarise": re.compile(
        r"\bsummar|\bkey points|\bsum(?:s)? up\b|\brésum|\bsynthè|总结|摘要|概括",
        re.IGNORECASE,
    ),
    "improve": re.compile(
        r"\bproofread|\brewrit|\bpolish(?:es)? my|\bedits? my|\b(?:corrects?|"
        r"improves?) my|\brelir|\brelit|\brelectur|"
        r"\bcorrige\w* mes|\bcorriger mes|校对|润色|改写|修改我",
        re.IGNORECASE,
    ),
    "tutor": re.compile(
        r"\btutor|\bteach|\blearn|\bexplain|\blesson|\bhomework|\bexercis|"
        r"\bprof\b|\bprofesseur|\benseign|\bappren|"
        r"\bexpliqu|\bdevoirs|\bcours de|辅导|老师|教|讲解|学习|作业|练习",
        re.IGNORECASE,
    ),
    "plan": re.compile(
        r"\bplan(?:s|ner|ning)?\b|\bitinerar|\btrip|\bmeal|\bschedul|\bwedding|"
        r"\borganis|\bplanifi|\bvoyage|\bmenus?\b|"
        r"\bmariage|规划|计划|旅行|旅游|安排|行程|食谱",
        re.IGNORECASE,
    ),
    "play": re.compile(
        r"\bplays?\b|\bgame|\brole-?play|\briddle|\bjoue|\bjeux?\b|\bdevinett|玩|游戏|下棋|下.棋|猜谜",
        re.IGNORECASE,
    ),
    "coach": re.compile(
        r"\bcoach|\bmotivat|\bhabit|\bjob interview|\binterviews?\b|\bentraîn|"
        r"\bmotiv|\bentretien|教练|面试|鼓励|习惯|坚持",
        re.IGNORECASE,
    ),
    "recommend": re.compile(
        r"\brecommend|\bsuggest|\bideas?\b|\bbrainstorm|\bgifts?\b|\bconseill|"
        r"\bsuggèr|\bidées?|\bcadeau|推荐|建议|点子|礼物|创意",
        re.IGNORECASE,
    ),
    "write": re.compile(
        r"\bwrit|\bdraft|\bcompos|\bpoems?|\bstor(?:y|ies)\b|\bemails?\b|\bletters?\b|"
        r"\bposts?\b|\bspeech|\brédig|\bécri|"
        r"\bpoème|\bhistoires?\b|\blettres?\b|\bdiscours|写|起草|作文|诗|故事|文案",
        re.IGNORECASE,
    ),
}
"""Of several, the first counts: who is to quiz on a translation wants a quiz."""

TONES: Mapping[str, re.Pattern[str]] = {
    "kind": re.compile(
        r"\bfriendly|\bpatient\b|\bkind(?:ly)?\b|\bencourag|\bgentl|\bbienveill|"
        r"\bsympa|\bgentil|友善|耐心|亲切|温柔|鼓励",
        re.IGNORECASE,
    ),
    "short": re.compile(
        r"\bshort\b|\bbrief|\bconcise|\bcourt|\bbref|\bbrièvement|\bconcis|简短|简洁",
        re.IGNORECASE,
    ),
    "formal": re.compile(
        r"\bformal|\bprofessional tone|\bformel|\bsoutenu|正式|书面",
        re.IGNORECASE,
    ),
    "funny": re.compile(
        r"\bfunny|\bhumou?r|\bwitty|\bdrôle|\bmarrant|幽默|风趣|搞笑",
        re.IGNORECASE,
    ),
    "strict": re.compile(
        r"\bstrict|\brigorous|\bexigeant|\bsévère|\brigoureu|严格|严厉",
        re.IGNORECASE,
    ),
}
ABILITIES: Mapping[str, re.Pattern[str]] = {
    "web": re.compile(
        r"\bnews\b|\bweb\b|\binternet\b|\bonline\b|\bcurrent\b|\blatest\b|"
        r"\bactualit|\ben ligne\b|新闻|上网|网上|最新",
        re.IGNORECASE,
    ),
    "pictures": re.compile(
        r"\bpictures?\b|\bimages?\b|\bdraws?\b(?!\s(?:an?\s|the\s)?(?:charts?|"
        r"graphs?))|\billustrat|\blogo|\bdessin|图片|画画|插画|配图|画图",
        re.IGNORECASE,
    ),
    "data": re.compile(
        r"\bspreadsheet|\bcsv\b|\bexcel\b|\bcharts?\b|\btableur|\bgraphiques?\b|表格|图表|数据",
        re.IGNORECASE,
    ),
    "memory": re.compile(
        r"\bremember|\bmemor(?:y|ies)\b|\bpreferences\b|\bsouvien|\bretien|\bmémoire\b|记住|记得|偏好",
        re.IGNORECASE,
    ),
    "sums": re.compile(
        r"\bmaths?\b|\barithmetic|\bcalculat|\bpercent|\bbudget|\bcalcul|\bpourcent|数学|计算|算术|预算",
        re.IGNORECASE,
    ),
}
LISTENERS: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?P<who>(?:(?:my|our|the|new|young|older|adult)\s(?:[\w-]+\s){0,2}?(?:students?|"
        r"pupils?|graders?|kids|children|"
        r"class|classes|learners|customers|clients|employees|staff|team|colleagues|"
        r"patients|members|beginners|parents|"
        r"guests|visitors|tenants|volunteers|daughter|son|mother|father|grandmother|grandfather|grandparents)|"
        r"(?:students|pupils|kids|children|beginners|customers|employees|patients|teenagers|seniors|members|visitors|"
        r"guests|tenants|residents|applicants|technicians|teachers|volunteers|parents|staff|citizens|readers))"
        r"(?:\sof\s(?:my|our|the)\s[\w-]+(?:\s(?!and\b|from\b|with\b|based\b|about\b|find\b|who\b|that\b)[\w-]+)?)?)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?P<who>(?:mes|nos|les|ma|mon|notre|des|aux)\s(?:\w+\s)?(?:élèves|"
        r"étudiants|enfants|classe|clients|salariés|"
        r"employés|nouveaux employés|équipe|collègues|patients|membres|débutants|parents|visiteurs|"
        r"locataires|bénévoles|fille|fils|mère|"
        r"père|grand-mère|grands-parents|adolescents)(?:\s(?:de|du|des)\s(?:(?:mon|ma|mes|notre|nos|la|le)\s)?[\wèé0-9]{1,20})?)",
        re.IGNORECASE,
    ),
    "zh": re.compile(
        r"(?P<who>(?:我的?|我们的?|初[一二三]|高[一二三]|[一二三四五六七八九]年级的?|小|中|大|新)?"
        r"(?:学生|小学生|中学生|孩子|儿童|班级|顾客|客户|员工|同事|团队|患者|"
        r"会员|新手|家长|访客|租客|女儿|儿子|妈妈|爸爸|奶奶|爷爷|老人))",
        re.IGNORECASE,
    ),
}
