"""What people say in their own words, in three languages, and what the practice model has to make of it."""

from datetime import date
from typing import Any

import pytest

from tests.services.test_practice import ask

SHOP = {
    "Refund": "The customer wants money back, to return or to cancel an order",
    "Fault": "Something is broken, crashes, does not work or shows an error",
}
BOUTIQUE = {
    "Remboursement": "Le client veut être remboursé, renvoyer ou annuler une commande",
    "Panne": "Quelque chose est cassé, plante, ne marche pas ou affiche une erreur",
}
DIAN = {"退款": "顾客想退款、退货或取消订单", "故障": "有东西坏了、崩溃、不能用或报错"}
MAIL = {
    "Question": "The person wants to know something",
    "Complaint": "The person is not happy with something",
}
COURRIER = {
    "Question": "La personne veut savoir quelque chose",
    "Réclamation": "La personne n’est pas contente de quelque chose",
}
LAIXIN = {"提问": "想知道某件事", "投诉": "对某事不满意"}
MOOD = {"Praise": "The person is pleased", "Criticism": "The person is not pleased"}
LATE = {
    "Late": "Overdue books: who has not brought them back, whom to remind",
    "Search": "Looking for a book by title, author or subject",
}


@pytest.mark.parametrize(
    ("labels", "text", "label"),
    [
        (MAIL, "My parcel arrived broken and nobody picks up the phone", "Complaint"),
        (MAIL, "This is the third time the milk was sour. I'm fed up.", "Complaint"),
        (MAIL, "I've been waiting for two weeks and still nothing has come", "Complaint"),
        (MAIL, "the box was torn open and half of it is missing!", "Complaint"),
        (MAIL, "What are your opening hours on Sunday?", "Question"),
        (MAIL, "could you tell me if you ship to Norway", "Question"),
        (MAIL, "The jacket I ordered has a hole in the sleeve", "Complaint"),
        (MAIL, "Your driver just threw the package over the fence", "Complaint"),
        (MAIL, "I ordered red and got green.", "Complaint"),
        (MAIL, "do I have to sign for the package?", "Question"),
        (MAIL, "Is it possible to pay in instalments", "Question"),
        (MAIL, "Alright, cheers, have a good weekend", ""),
        (MAIL, "Thank you, goodbye", ""),
        (MAIL, "ok thanks a lot, have a nice day", ""),
        (MAIL, "Hello there", ""),
        (COURRIER, "Mon colis est arrivé cassé et personne ne répond", "Réclamation"),
        (COURRIER, "C’est la troisième fois que la livraison est en retard, j’en ai assez", "Réclamation"),
        (COURRIER, "Vous livrez aussi en Belgique ?", "Question"),
        (COURRIER, "je voudrais savoir si le magasin est ouvert lundi", "Question"),
        (COURRIER, "Le livreur a jeté mon paquet par-dessus la haie", "Réclamation"),
        (COURRIER, "Puis-je payer en plusieurs fois ?", "Question"),
        (COURRIER, "Merci beaucoup, au revoir", ""),
        (LAIXIN, "包裹收到的时候已经摔坏了，客服也没人理", "投诉"),
        (LAIXIN, "等了两个星期还没收到货，太失望了", "投诉"),
        (LAIXIN, "请问周日几点开门", "提问"),
        (LAIXIN, "我要的是红色，结果寄来绿色的", "投诉"),
        (LAIXIN, "能分期付款吗", "提问"),
        (LAIXIN, "谢谢，再见", ""),
        (SHOP, "ok, and can you change my delivery address?", ""),
        (SHOP, "I ordered a lamp last week, where is it now?", ""),
        (SHOP, "Please send it to my new address instead", ""),
        (SHOP, "The zip of the bag came off on the first day", "Fault"),
        (SHOP, "it keeps freezing when I press play", "Fault"),
        (SHOP, "I changed my mind, I'd like to send the shoes back", "Refund"),
        (SHOP, "please call off order 991", "Refund"),
        (SHOP, "when will I get my money?", "Refund"),
        (SHOP, "I'd rather not keep the coat, how do I return it", "Refund"),
        (SHOP, "the left earbud is silent", "Fault"),
        (SHOP, "Where is your shop located?", ""),
        (SHOP, "thanks, bye!", ""),
        (BOUTIQUE, "Et pouvez-vous changer mon adresse de livraison ?", ""),
        (BOUTIQUE, "J’ai changé d’avis, je veux renvoyer les chaussures", "Remboursement"),
        (BOUTIQUE, "la fermeture du sac s’est cassée dès le premier jour", "Panne"),
        (BOUTIQUE, "L’écran reste noir depuis ce matin", "Panne"),
        (BOUTIQUE, "où se trouve votre magasin ?", ""),
        (BOUTIQUE, "je voudrais rendre le manteau", "Remboursement"),
        (BOUTIQUE, "merci, bonne journée", ""),
        (DIAN, "可以改一下收货地址吗？", ""),
        (DIAN, "我不想要了，把钱退给我吧", "退款"),
        (DIAN, "包的拉链第一天就坏了", "故障"),
        (DIAN, "屏幕一直是黑的，按什么都没反应", "故障"),
        (DIAN, "左边的耳机没有声音", "故障"),
        (DIAN, "你们店在哪里", ""),
        (DIAN, "好的谢谢，拜拜", ""),
        (MOOD, "What a lovely evening, we will come again!", "Praise"),
        (MOOD, "The soup was cold and the waiter rude", "Criticism"),
        (LATE, "who still has our books at home?", "Late"),
        (LATE, "which pupils are behind with returning books", "Late"),
        (LATE, "Do you have anything by Agatha Christie?", "Search"),
    ],
)
def test_a_text_goes_the_way_a_person_would_send_it(labels: dict[str, str], text: str, label: str) -> None:
    assert ask(text, choices=labels).text == label


def fields_of(text: str, *before: Any, **fields: Any) -> dict[str, Any]:
    """What is filled in; the names of the fields are their titles, too."""
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    return ask(*before, text, response_schema=schema).fields


TUTOR = {
    "en": {
        "Says age": {"type": "boolean", "description": "Whether the message says how old the pupil is, in years"},
        "Age": {"type": ["number", "null"], "description": "How old the pupil is, in years"},
    },
    "fr": {
        "Dit son âge": {"type": "boolean", "description": "Si le message dit l’âge de l’élève, en années"},
        "Âge": {"type": ["number", "null"], "description": "L’âge de l’élève, en années"},
    },
    "zh": {
        "说了年龄": {"type": "boolean", "description": "消息里有没有说学生的年龄（岁）"},
        "年龄": {"type": ["number", "null"], "description": "学生的年龄（岁）"},
    },
}


@pytest.mark.parametrize(
    ("language", "text", "age"),
    [
        ("en", "I am 11 years old", 11),
        ("en", "I am 11", 11),
        ("en", "11", 11),
        ("en", "eleven", 11),
        ("en", "I'm eleven.", 11),
        ("en", "im 9", 9),
        ("en", "twelve years", 12),
        ("en", "my son is 7, can you explain fractions?", 7),
        ("en", "She's fourteen and hates maths", 14),
        ("en", "a nine-year-old asks: why do cats purr?", 9),
        ("en", "Hi! 13 here. What is a prime number?", 13),
        ("en", "I turned 10 last week", 10),
        ("en", "we are both twelve", 12),
        ("en", "15, almost 16", 15),
        ("en", "My daughter just turned six", 6),
        ("en", "Question 11 please", None),
        ("en", "What is 7 × 6?", None),
        ("en", "I have 3 exercises and 12 minutes", None),
        ("en", "I am 10 minutes late, sorry", None),
        ("en", "Explain the Thirty Years' War", None),
        ("en", "Why did Rome fall in 476?", None),
        ("fr", "J’ai 11 ans", 11),
        ("fr", "11 ans", 11),
        ("fr", "onze", 11),
        ("fr", "j'ai onze ans et demi", 11),
        ("fr", "Ma fille a 8 ans", 8),
        ("fr", "12", 12),
        ("fr", "j'ai eu 10 ans hier", 10),
        ("fr", "exercice 11", None),
        ("fr", "J’ai 3 exercices à faire", None),
        ("fr", "La guerre de Cent Ans, c’était quoi ?", None),
        ("zh", "我11岁", 11),
        ("zh", "11岁", 11),
        ("zh", "十一", 11),
        ("zh", "我今年十二岁了", 12),
        ("zh", "11", 11),
        ("zh", "孩子八岁，怎么讲分数？", 8),
        ("zh", "快13了", 13),
        ("zh", "第11题", None),
        ("zh", "7乘以6等于多少？", None),
        ("zh", "我有三道题不会", None),
    ],
)
def test_an_age_is_heard(language: str, text: str, age: int | None) -> None:
    says, given = fields_of(text, **TUTOR[language]).values()
    assert (says, given) == (age is not None, age)


def test_a_bare_number_is_an_age_only_where_it_was_asked_for() -> None:
    from flowloom.kinds.values import Message

    asked = ["Help me", Message(role="assistant", text="How old are you?")]
    sum_asked = ["What is 7 × 6?", Message(role="assistant", text="What do you get for 7 × 5?")]
    assert fields_of("35", *asked, **TUTOR["en"])["Age"] == 35
    assert fields_of("35", *sum_asked, **TUTOR["en"])["Age"] is None


TODAY = date(2026, 11, 29)  # a Sunday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("see you on 14 August", ["2027-08-14"]),
        ("on the 3rd of December", ["2026-12-03"]),
        ("Dec 24th at seven", ["2026-12-24"]),
        ("tomorrow evening", ["2026-11-30"]),
        ("the day after tomorrow", ["2026-12-01"]),
        ("today", ["2026-11-29"]),
        ("next Friday", ["2026-12-04"]),
        ("on Monday", ["2026-11-30"]),
        ("from 3 to 7 August", ["2027-08-03", "2027-08-07"]),
        ("3-7 August", ["2027-08-03", "2027-08-07"]),
        ("between 28 December and 4 January", ["2026-12-28", "2027-01-04"]),
        ("August 3 to 7", ["2027-08-03", "2027-08-07"]),
        ("in two weeks", ["2026-12-13"]),
        ("le 14 août", ["2027-08-14"]),
        ("demain soir", ["2026-11-30"]),
        ("après-demain", ["2026-12-01"]),
        ("vendredi prochain", ["2026-12-04"]),
        ("du 3 au 7 août", ["2027-08-03", "2027-08-07"]),
        ("du 28 décembre au 4 janvier", ["2026-12-28", "2027-01-04"]),
        ("le 1er mars", ["2027-03-01"]),
        ("dans trois jours", ["2026-12-02"]),
        ("8月14日", ["2027-08-14"]),
        ("8月3日到7日", ["2027-08-03", "2027-08-07"]),
        ("8月3号至9月2号", ["2027-08-03", "2027-09-02"]),
        ("明天晚上", ["2026-11-30"]),
        ("后天", ["2026-12-01"]),
        ("下周五", ["2026-12-04"]),
        ("三天后", ["2026-12-02"]),
        ("You may go. I march on, and Mark may 3 times", []),
        ("room 12, floor 3", []),
        ("version 3.11.2", []),
        ("2026-03-05 and 14 May 2027", ["2026-03-05", "2027-05-14"]),
    ],
)
def test_days_are_found_as_people_say_them(text: str, days: list[str]) -> None:
    from flowloom.services.models.practice_dates import find_dates

    assert find_dates(text, TODAY) == days


BOOKING = {
    "name": {"type": "string", "description": "The person's full name"},
    "date": {"type": "string", "description": "The day they ask for, as YYYY-MM-DD"},
    "guests": {"type": "number", "description": "How many people"},
}


@pytest.mark.parametrize(
    ("text", "name", "day", "guests"),
    [
        (
            "This is Omar Haddad, can we come on 2027-03-05 with five people at 7 pm?",
            "Omar Haddad",
            "2027-03-05",
            5,
        ),
        ("A table for two on 5 March 2027 please. Lucy Chen", "Lucy Chen", "2027-03-05", 2),
        ("Anna Kowalska here, there will be 8 of us on 2027-04-01", "Anna Kowalska", "2027-04-01", 8),
        ("Bonjour, c’est Paul Martin. Nous serons quatre le 5 mars 2027 à 20 h.", "Paul Martin", "2027-03-05", 4),
        ("Table pour trois le 2027-03-05. Cordialement, Inès Roux", "Inès Roux", "2027-03-05", 3),
        ("我是孙悦，2027年3月5日晚上7点，三位", "孙悦", "2027-03-05", 3),
        ("2027年3月5日订位，十个人，姓名：周涛", "周涛", "2027-03-05", 10),
    ],
)
def test_a_booking_is_read(text: str, name: str, day: str, guests: int) -> None:
    found = fields_of(text, **BOOKING)
    assert (found["name"], found["date"], found["guests"]) == (name, day, guests)


LEAVE = {
    "First day": {"type": "string", "description": "The first day off, as YYYY-MM-DD"},
    "Last day": {"type": "string", "description": "The last day off, as YYYY-MM-DD"},
}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("I'd like to be away from 2027-05-10 until 2027-05-21", "2027-05-10", "2027-05-21"),
        ("Could I have 2027-06-01 off?", "2027-06-01", "2027-06-01"),
        ("Je pose du 10 au 21 mai 2027", "2027-05-10", "2027-05-21"),
        ("我想从2027年5月10日休到21日", "2027-05-10", "2027-05-21"),
        ("I would like a few days off", "", ""),
    ],
)
def test_leave_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    assert list(fields_of(text, **LEAVE).values()) == [first, last]


NOTES = {
    "en": {
        "To do": {"type": "array", "items": {"type": "string"}, "description": "The tasks, each with who does it"},
        "Decided": {"type": "array", "items": {"type": "string"}, "description": "What was agreed"},
        "Open": {"type": "array", "items": {"type": "string"}, "description": "Questions left without an answer"},
    },
    "fr": {
        "À faire": {"type": "array", "items": {"type": "string"}, "description": "Les tâches, avec qui les fait"},
        "Décidé": {"type": "array", "items": {"type": "string"}, "description": "Ce qui a été convenu"},
        "En suspens": {"type": "array", "items": {"type": "string"}, "description": "Les questions sans réponse"},
    },
    "zh": {
        "待办": {"type": "array", "items": {"type": "string"}, "description": "各项任务，由谁做"},
        "决定": {"type": "array", "items": {"type": "string"}, "description": "商定的事情"},
        "未定": {"type": "array", "items": {"type": "string"}, "description": "还没有答案的问题"},
    },
}


@pytest.mark.parametrize(
    ("language", "text", "tasks", "decided", "unsettled"),
    [
        (
            "en",
            "Team call 12 March. "
            "The release moves to April, everyone was fine with that. Joe is going to write the "
            "test plan. Could somebody look after the printer? Lea takes care of the invitations by Monday.",
            ["test plan", "invitations"],
            ["release moves to April"],
            ["printer"],
        ),
        (
            "en",
            "- we settled on blue for the walls\n- Amy must call the painter by Thursday\n- not sure who pays",
            ["call the painter"],
            ["blue for the walls"],
            ["who pays"],
        ),
        ("en", "Ben should book the train, Kim prepares the slides", ["Ben", "Kim prepares"], [], []),
        (
            "en",
            "Action items: Sue - renew the licence; Bob - call the vet. We will not raise the fee. Parking?",
            ["renew the licence", "call the vet"],
            ["not raise the fee"],
            ["Parking"],
        ),
        ("en", "It was sunny. We talked about cats.", [], [], []),
        (
            "fr",
            "Réunion du 12. La sortie est reportée à avril, tout le monde est d’accord. Joël va rédiger le plan "
            "de tests. Qui s’occupe de l’imprimante ? Léa se charge des invitations avant lundi.",
            ["plan de tests", "invitations"],
            ["reportée à avril"],
            ["imprimante"],
        ),
        (
            "fr",
            "- on a choisi le bleu pour les murs\n- Aline doit appeler le peintre jeudi\n- reste à voir qui paie",
            ["appeler le peintre"],
            ["bleu pour les murs"],
            ["qui paie"],
        ),
        (
            "zh",
            "3月12日例会。大家一致同意发布推迟到四月。小乔来写测试计划。打印机谁负责？小丽周一前发邀请。",
            ["测试计划", "邀请"],
            ["推迟到四月"],
            ["打印机"],
        ),
        ("zh", "- 墙面确定刷蓝色\n- 小艾周四之前联系油漆工\n- 谁付钱还没定", ["油漆工"], ["蓝色"], ["谁付钱"]),
    ],
)
def test_notes_are_sorted(
    language: str, text: str, tasks: list[str], decided: list[str], unsettled: list[str]
) -> None:
    found = fields_of(text, **NOTES[language])
    for wanted, had in zip((tasks, decided, unsettled), found.values(), strict=True):
        assert len(had) == len(wanted), found
        assert all(word in item for word, item in zip(wanted, had, strict=True)), found
