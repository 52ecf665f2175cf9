"""The right passage is found by words in any script, however it parts words and whatever hangs on them."""

import pytest

from flowloom.services.knowledge.word_index import WordIndex, indexed_terms
from flowloom.words import language_of, placed_terms, terms
from flowloom.writing_systems import fold

PASSAGES = {
    "th": [
        "พนักงานมีสิทธิ์ลาพักร้อนปีละสามสิบวัน",
        "ลูกค้าสามารถขอคืนเงินได้ภายในสิบสี่วันหลังจากได้รับสินค้า",
        "สำนักงานเปิดทำการตั้งแต่เก้าโมงเช้าถึงห้าโมงเย็น",
    ],
    "lo": ["ພະນັກງານມີສິດພັກຜ່ອນສາມສິບມື້", "ລູກຄ້າສາມາດຂໍເງິນຄືນພາຍໃນສິບສີ່ມື້", "ຫ້ອງການເປີດເວລາເກົ້າໂມງເຊົ້າ"],
    "km": ["បុគ្គលិកមានច្បាប់ឈប់សម្រាកសាមសិបថ្ងៃ", "អតិថិជនអាចស្នើសុំសងប្រាក់វិញក្នុងរយៈពេលដប់បួនថ្ងៃ", "ការិយាល័យបើកនៅម៉ោងប្រាំបួនព្រឹក"],
    "my": ["ဝန်ထမ်းများသည် ခွင့်ရက်သုံးဆယ်ရှိသည်", "ဖောက်သည်များသည် ငွေပြန်အမ်းရန် တောင်းဆိုနိုင်သည်", "ရုံးကို မနက်ကိုးနာရီတွင် ဖွင့်သည်"],
    "ko": [
        "직원은 매년 삼십 일의 휴가를 사용할 수 있습니다.",
        "구매하신 상품은 십사 일 이내에 환불을 신청하실 수 있습니다.",
        "사무실은 오전 아홉 시에 문을 엽니다.",
    ],
    "ja": [
        "社員は年に三十日の休暇を取ることができます。",
        "商品の到着後十四日以内であれば返金を申請できます。",
        "オフィスは午前九時に開きます。",
    ],
    "ar": [
        "يحقُّ للموظفين ثلاثون يومًا من الإجازة السنوية",
        "يمكن للعملاء طلب استرداد الأموال خلال أربعة عشر يوما",
        "يفتح المكتب في الساعة التاسعة صباحا",
    ],
    "he": [
        "העובדים זכאים לשלושים ימי חופשה בשנה",
        "הלקוחות יכולים לבקש החזר כספי תוך ארבעה עשר ימים",
        "המשרד נפתח בשעה תשע בבוקר",
    ],
    "hi": [
        "कर्मचारियों को साल में तीस दिन की छुट्टी मिलती है",
        "ग्राहक चौदह दिनों में पैसे वापस माँग सकते हैं",
        "कार्यालय सुबह नौ बजे खुलता है",
    ],
    "de": [
        "Die Mitarbeiter haben dreißig Urlaubstage im Jahr, und das ist nicht wenig für uns.",
        "Die Kündigungsfrist beträgt vier Wochen und ist mit der Leitung zu klären.",
        "Das Büro öffnet um neun Uhr oder von Montag an auf Anfrage um acht.",
    ],
    "ru": [
        "Сотрудники имеют тридцать дней отпуска",
        "Клиент может потребовать возврат денег",
        "Офис открывается в девять утра",
    ],
}
ASKED = [
    ("th", "ขอคืนเงินได้ไหม", 1),
    ("th", "ลาพักร้อนได้กี่วัน", 0),
    ("th", "สำนักงานเปิดกี่โมง", 2),
    ("lo", "ຂໍເງິນຄືນໄດ້ບໍ", 1),
    ("lo", "ຫ້ອງການເປີດຈັກໂມງ", 2),
    ("km", "តើខ្ញុំអាចសុំសងប្រាក់វិញបានទេ", 1),
    ("my", "ငွေပြန်အမ်း ရနိုင်လား", 1),
    ("ko", "환불은 어떻게 하나요?", 1),
    ("ko", "휴가가 며칠인가요?", 0),
    ("ko", "휴가는", 0),
    ("ko", "사무실에 언제 가면 되나요?", 2),
    ("ja", "返金できますか", 1),
    ("ja", "休暇は何日ですか", 0),
    ("ja", "ｵﾌｨｽはいつ開く", 2),
    ("ar", "كيف أسترد الأموال؟", 1),
    ("ar", "الاجازه", 0),
    ("ar", "متى يفتح مكتبكم", 2),
    ("he", "כמה ימי חופשה", 0),
    ("he", "ההחזר", 1),
    ("he", "הַמִּשְׂרָד", 2),
    ("hi", "छुट्टी कितने दिन", 0),
    ("hi", "पैसे वापस", 1),
    ("de", "Welche Frist gilt?", 1),
    ("de", "Wie lange ist die Kündigung?", 1),
    ("de", "Urlaub", 0),
    ("de", "URLAUBSTAGE", 0),
    ("ru", "возврат денег", 1),
]


@pytest.mark.parametrize(("language", "question", "right"), ASKED)
def test_the_right_passage_comes_first(language: str, question: str, right: int) -> None:
    texts = PASSAGES[language]
    found = WordIndex.of((place, "f", indexed_terms(text)) for place, text in enumerate(texts))
    hits = found.find(question, 3)
    assert [hit.id for hit in hits][:1] == [right]
    assert found.matched(question, texts[right])


@pytest.mark.parametrize("language", PASSAGES)
def test_words_are_found_where_they_stand(language: str) -> None:
    """What a text is matched by and what is marked in it are the same, whatever the accents."""
    for text in PASSAGES[language]:
        placed = placed_terms(text)
        assert {each.term for each in placed} <= set(terms(text))
        assert all(fold(text[each.start : each.end]).strip() for each in placed)


FOLDED = [
    ("Été", "ete"),
    ("ÉTÉ", "ete"),
    ("Straße", "strasse"),
    ("Œuvre", "oeuvre"),
    ("Smørrebrød", "smorrebrod"),
    ("환불", "환불"),
    ("\u1112\u116a\u11ab", "환"),  # syllables that came apart on the way (UAX #15, Hangul composition)
    ("が", "が"),
    ("ｶﾞｲﾄﾞ", "ガイド"),
    ("كِتَابٌ", "كتاب"),
    ("الإجازة", "الاجازه"),
    ("שָׁלוֹם", "שלומ"),
    ("٢٠٢٦", "2026"),
    ("हिन्दी", "हिन्दी"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "language"), [("如何退款？", "zh"), ("환불은 어떻게", "en"), ("返金できますか", "en")]
)
def test_only_chinese_is_chinese(text: str, language: str) -> None:
    assert language_of(text) == language


def test_english_words_are_not_taken_apart() -> None:
    texts = ["The report is important", "The port of the town", "Support us"]
    found = WordIndex.of((place, "f", indexed_terms(text)) for place, text in enumerate(texts))
    assert [hit.id for hit in found.find("port", 3)] == [1]
