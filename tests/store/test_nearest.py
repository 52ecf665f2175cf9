"""A wish in a sentence leads to the template that comes nearest, or to none."""

import pytest

from flowloom.errors import KnowledgeError
from flowloom.locales import LANGUAGES
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
from flowloom.store.nearest import MOST, find_nearest
from flowloom.store.templates import templates

WISHES = {
    "A tutor that helps my pupils with their maths homework": "homework-tutor",
    "Explain science to children in easy words": "homework-tutor",
    "Something that answers questions from our employee handbook and says where it stands": "knowledge-helper",
    "Answer from my PDF documents with sources": "knowledge-helper",
    "Turn my meeting notes into a list of decisions and tasks": "meeting-minutes",
    "Customer support for a web shop that handles refunds": "support-desk",
    "I need a bot that translates product texts into German": "translator",
    "Read reservation emails and fill in a booking form": "form-filler",
    "Convert prices from euros to dollars at todays rate": "currency-converter",
    "an asistant that calculates percentages and knows the date": "agent-with-tools",
    "Un prof patient pour les devoirs de ma classe": "homework-tutor",
    "Répondre aux questions des salariés d’après nos documents internes": "knowledge-helper",
    "Rédiger le compte rendu de nos réunions": "meeting-minutes",
    "Un service client qui traite les remboursements et les pannes": "support-desk",
    "Traduire des messages en espagnol": "translator",
    "Extraire nom, date et nombre de personnes d’une demande de réservation": "form-filler",
    "帮助学生完成作业并耐心讲解": "homework-tutor",
    "根据公司制度文档回答员工的问题": "knowledge-helper",
    "把会议笔记整理成纪要": "meeting-minutes",
    "网店客服，处理退款和故障": "support-desk",
    "把中文翻译成法语": "translator",
    "查询今天的汇率，把欧元换成美元": "currency-converter",
    "从消息里提取预订信息，填写表单": "form-filler",
    "A helper for new employees": "knowledge-helper",
    "book tables in my restaurant": "form-filler",
    "学校老师批改作业": "homework-tutor",
    "把英语邮件变成中文": "translator",
    "Thank-you letters to a list of guests": "letters-to-everyone",
    "Envoyer une lettre d’invitation à chacun": "letters-to-everyone",
    "给名单上的客人写邀请信": "letters-to-everyone",
    "My boss approves our leave requests": "holiday-request",
    "Valider les demandes de congés": "holiday-request",
    "员工请假审批": "holiday-request",
    "An assistant that remembers my preferences": "personal-assistant",
    "Un assistant personnel qui se souvient de moi": "personal-assistant",
    "记得我的喜好的私人助手": "personal-assistant",
    "Compose music for the violin": None,
    "play chess against me": None,
    "Un compagnon pour écrire des poèmes": None,
    "陪我下围棋": None,
    "plan a trip to Rome": None,
    "write python code for me": None,
    "Weather forecast for tomorrow": "weather-guide",
    "": None,
    "GPT": None,
    "I want a helpful assistant that answers questions": None,
}


@pytest.mark.parametrize("wish", WISHES)
def test_the_nearest_is_found(wish: str) -> None:
    found = find_nearest(wish)
    assert (found[0].template.id if found else None) == WISHES[wish]
    assert len(found) <= MOST


@pytest.mark.parametrize(
    ("wish", "id"),
    [
        ("someone who coaches my son through algebra", "homework-tutor"),
        ("my boss should sign off when I’m away", "holiday-request"),
        ("traiter les réclamations des acheteurs", "support-desk"),
        ("combien font cent francs suisses chez nous", "currency-converter"),
        ("一百美金等于多少人民币", "currency-converter"),
        ("明天去哈尔滨要不要带羽绒服", "weather-guide"),
        ("ein Helfer, der Fragen aus unserem Handbuch beantwortet", "knowledge-helper"),
        ("deberes de matemáticas para mi hija", "homework-tutor"),
        ("steer a robot arm in a factory", None),
        ("predict earthquakes from sensor signals", None),
        ("piloter un drone au-dessus des vignes", None),
        ("给无人机规划航线", None),
    ],
)
def test_it_is_found_by_meaning_too(wish: str, id: str | None) -> None:
    found = find_nearest(wish)
    assert (found[0].template.id if found else None) == id


def test_words_lead_there_where_the_encoder_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: SentenceEncoder, text: str) -> None:
        raise KnowledgeError("There is no memory left.")

    monkeypatch.setattr(SentenceEncoder, "embed_query", refuse)
    assert find_nearest("Turn my meeting notes into minutes")[0].template.id == "meeting-minutes"
    assert find_nearest("compose techno music") == []


def test_what_led_to_it_is_said_in_the_persons_words() -> None:
    assert set(find_nearest("A tutor for my pupils' Homework")[0].words) == {"tutor", "pupils", "Homework"}
    assert set(find_nearest("网店客服，处理退款")[0].words) == {"网店", "客服", "退款"}


def test_a_misspelt_word_still_leads_there() -> None:
    assert find_nearest("Meetting minuts")[0].template.id == "meeting-minutes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_found_in_the_language_of_the_page(language: str) -> None:
    known = {template.id: template for template in templates(language)}
    for template in known.values():
        found = find_nearest(template.flow.name, language)
        assert found[0].template is known[template.id]
