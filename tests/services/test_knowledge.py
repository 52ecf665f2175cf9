"""Documents are read, cut, kept and found again; a bad file is named and nothing is lost."""

import asyncio
import io
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from flowloom.errors import KnowledgeError
from flowloom.services.knowledge import bases as bases_module
from flowloom.services.knowledge import faiss_store, index_files
from flowloom.services.knowledge.bases import KnowledgeBases
from flowloom.services.knowledge.chunks import cut
from flowloom.services.knowledge.flow_knowledge import FlowKnowledge
from flowloom.services.knowledge.keys import folder_of
from flowloom.services.knowledge.langchain_store import LangChainStore
from flowloom.services.knowledge.loaders import document, read_document, read_text

HANDBOOK = """# Staff handbook

## Holidays
Every employee has 25 days of paid leave a year. Ask your manager two weeks ahead.
Days that are left over expire at the end of March.

## Sick leave
If you are ill, call the office before nine in the morning. From the third day on we need a doctor's note.

## Travel expenses
Keep your receipts. Train tickets are refunded in second class; taxis only after 10 pm.
Hotels are paid up to 120 euros a night.

## Equipment
You get a laptop and a phone on your first day. If the laptop breaks, write to it@example.com.

## Canteen
Lunch is served from 11:30 to 14:00. Vegetarian dishes are marked green.

## Working from home
You may work at home two days a week, but not on Mondays, when the whole team meets.
"""
GUIDE = """# Guide du personnel

## Congés
Chaque salarié dispose de 25 jours de congés payés par an. La demande se fait deux semaines à l'avance.

## Maladie
En cas de maladie, appelez le bureau avant neuf heures. Un certificat médical est exigé dès le troisième jour.

## Frais de déplacement
Gardez vos reçus. Les billets de train sont remboursés en seconde classe. L'hôtel est payé jusqu'à 120 euros.

## Cantine
Le déjeuner est servi de 11 h 30 à 14 h. Les plats végétariens sont marqués en vert.

## Télétravail
Vous pouvez travailler à la maison deux jours par semaine, sauf le lundi.
"""
SHOUCE = """# 员工手册

## 休假
每位员工每年有二十五天带薪年假。请提前两周向经理申请。

## 病假
生病时请在早上九点前打电话给办公室。从第三天起需要医生证明。

## 差旅费
请保留收据。火车票按二等座报销，酒店每晚最多一百二十欧元。

## 食堂
午餐时间为十一点半到两点。素食用绿色标记。

## 在家办公
每周可以在家工作两天，星期一除外。
"""
QUESTIONS = [
    (HANDBOOK, "How many vacation days do I get?", "Holidays"),
    (HANDBOOK, "What must I do when I am sick?", "Sick leave"),
    (HANDBOOK, "Do you pay for my hotel?", "Travel expenses"),
    (HANDBOOK, "Can I get a refund for train tickets", "Travel expenses"),
    (HANDBOOK, "my laptop is broken", "Equipment"),
    (HANDBOOK, "when is lunch", "Canteen"),
    (HANDBOOK, "Is there vegetarian food?", "Canteen"),
    (HANDBOOK, "may I work from home on monday", "Working from home"),
    (HANDBOOK, "vegetaran dishs", "Canteen"),
    (GUIDE, "Combien de jours de congé ai-je par an ?", "Congés"),
    (GUIDE, "Que faire si je suis malade ?", "Maladie"),
    (GUIDE, "Mon billet de train est-il remboursé ?", "Frais de déplacement"),
    (GUIDE, "A quelle heure est le dejeuner ?", "Cantine"),
    (GUIDE, "puis-je travailler à la maison", "Télétravail"),
    (SHOUCE, "我每年有多少天年假？", "休假"),
    (SHOUCE, "生病了怎么办", "病假"),
    (SHOUCE, "酒店可以报销多少钱？", "差旅费"),
    (SHOUCE, "食堂午餐几点", "食堂"),
    (SHOUCE, "可以在家工作吗", "在家办公"),
]


class Letters:
    """An embedder of a test: letters counted."""

    def __init__(self, name: str, size: int = 8) -> None:
        self.name, self.size, self.asked = name, size, 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked += len(texts)
        return [
            [float(sum(ord(c) % self.size == place for c in text)) + 0.1 for place in range(self.size)]
            for text in texts
        ]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBases:
    bases = KnowledgeBases(tmp_path_factory.mktemp("shelf"))
    for key, text in (("en", HANDBOOK), ("fr", GUIDE), ("zh", SHOUCE)):
        bases.add(f"flow/{key}", "handbook.md", text.encode())
    return bases


@pytest.mark.parametrize(("text", "question", "heading"), QUESTIONS)
def test_finds_the_right_passage(shelf: KnowledgeBases, text: str, question: str, heading: str) -> None:
    key = {HANDBOOK: "en", GUIDE: "fr", SHOUCE: "zh"}[text]
    found = shelf.search(f"flow/{key}", question, 3)
    assert found[0].heading == heading
    assert text[found[0].start :].startswith(found[0].text)
    assert [passage.score for passage in found] == sorted((p.score for p in found), reverse=True)


@pytest.mark.parametrize("question", ["", "   ", "?", "quantum chromodynamics", "the of and", "宇宙飞船"])
def test_finds_nothing_where_nothing_matches(shelf: KnowledgeBases, question: str) -> None:
    assert shelf.search("flow/en", question, 4) == []
    assert shelf.search("flow/none", "holidays", 4) == []
    assert shelf.search("flow/en", "holidays", 0) == []


def test_serves_a_flow_without_holding_up_the_loop(shelf: KnowledgeBases) -> None:
    found = asyncio.run(FlowKnowledge(shelf, "flow").search("en", "How many holidays?", 2))
    assert found[0].heading == "Holidays"
    with pytest.raises(KnowledgeError):
        asyncio.run(FlowKnowledge(shelf, "flow").search("../other", "x", 2))


def pdf(*pages: str, password: str = "") -> bytes:
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(300, 300)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_reads_pdf_pages(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    done: list[float] = []
    data = pdf("Leave is 25 days.", "Lunch is at noon.")
    info = bases.add("f/main", "handbook.pdf", data, done.append)
    assert (info.pages, info.passages, info.size) == (2, 2, len(data))
    assert done == sorted(done)
    assert done[-1] == 1.0
    found = bases.search("f/main", "when is lunch", 1)[0]
    assert (found.page, found.place) == (2, "handbook.pdf, p. 2")
    assert bases.text("f/main", "handbook.pdf")[found.start :].startswith(found.text)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", pdf("secret", password="pw"), "password"),
        ("a.pdf", pdf("", ""), "no text"),
        ("a.pdf", b"%PDF-1.7\nbroken", "a readable PDF"),
        ("a.pdf", pdf("text")[:300], "a readable PDF"),
        ("a.pdf", b"just some words", "a readable PDF"),
        ("a.pdf", b"PK\x03\x04 word", "a readable PDF"),
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n", "empty"),
        ("a.docx", b"PK\x03\x04", "a readable Word document"),
        ("a.txt", b"PK\x03\x04rest", "Office"),
        ("a.md", b"\x89PNG\r\n", "picture"),
        ("a.txt", b"ab\0\0\1\2", "isn’t text"),
        ("a.md", b"--- ***", "contains no text"),
        ("a.exe", b"MZ", "type of file"),
    ],
)
def test_names_what_is_wrong_with_a_file(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    bases = KnowledgeBases(tmp_path)
    with pytest.raises(KnowledgeError, match=says) as caught:
        bases.add("f/main", name, data)
    assert name in str(caught.value)
    assert bases.files("f/main") == []


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_BYTES", 10)
    with pytest.raises(KnowledgeError, match="50 MB"):
        read_document("a.txt", b"x" * 11)
    monkeypatch.undo()
    monkeypatch.setattr(document, "MAX_PAGES", 1)
    with pytest.raises(KnowledgeError, match="2,000 pages"):
        read_document("a.pdf", pdf("one", "two"))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Été à Zürich".encode(), "Été à Zürich"),
        (b"\xef\xbb\xbfplain", "plain"),
        ("Été".encode("utf-16"), "Été"),
        ("L'été à la plage, déjà".encode("cp1252"), "L'été à la plage, déjà"),
        ("员工手册，每年有二十五天假期".encode("gb18030"), "员工手册，每年有二十五天假期"),
        (b"a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_reads_encodings(data: bytes, text: str) -> None:
    assert read_text("a.txt", data) == text


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.pdf", "a.md", "noending"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    try:
        assert isinstance(read_text(name, data), str)
    except KnowledgeError as error:
        assert name in str(error)  # noqa: PT017


def test_cuts_chinese_without_spaces() -> None:
    text = "这是一个关于休假的句子，说明了所有的规则。" * 200
    passages = cut("a.txt", read_document("a.txt", text.encode()))
    assert len(passages) > 4
    assert all(len(passage.text) <= 900 for passage in passages)
    assert all(text[passage.start :].startswith(passage.text) for passage in passages)
    assert all(passage.text.endswith("。") for passage in passages)


@given(st.text(alphabet=st.sampled_from("ab \n.。#假期"), max_size=3000), st.sampled_from(["a.md", "a.txt"]))
def test_offsets_are_right(text: str, name: str) -> None:
    if text.strip():
        read = read_document(name, text.encode())
        for passage in cut(name, read, 60, 10):
            assert read.text[passage.start :].startswith(passage.text)


def test_the_same_name_replaces_and_removing_removes(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    bases.add("f/main", "a.txt", b"Cats sleep all day.")
    bases.add("f/main", "b.txt", b"Dogs bark at night.")
    bases.add("f/main", "a.txt", b"Birds sing at dawn.")
    assert [info.name for info in bases.files("f/main")] == ["a.txt", "b.txt"]
    assert bases.search("f/main", "cats", 3) == []
    assert [passage.file for passage in bases.search("f/main", "birds", 3)] == ["a.txt"]
    bases.remove("f/main", "b.txt")
    bases.remove("f/main", "never.txt")
    bases.remove("f/never", "never.txt")
    assert bases.search("f/main", "dogs", 3) == []
    bases.remove("f/main", "a.txt")
    assert bases.files("f/main") == bases.search("f/main", "birds", 3) == []
    with pytest.raises(KnowledgeError, match=r"a\.txt"):
        bases.text("f/main", "a.txt")
    bases.add("f/main", "c.txt", b"Fish swim.")
    assert bases.search("f/main", "fish", 3)[0].text == "Fish swim."


def test_survives_a_restart(tmp_path: Path) -> None:
    KnowledgeBases(tmp_path).add("f/main", "a.md", HANDBOOK.encode())
    again = KnowledgeBases(tmp_path)
    assert again.search("f/main", "lunch", 1)[0].heading == "Canteen"
    assert again.files("f/main")[0].passages == 6
    assert again.matches_by_words


def test_two_processes_see_each_others_changes(tmp_path: Path) -> None:
    one, two = KnowledgeBases(tmp_path), KnowledgeBases(tmp_path)
    one.add("f/main", "a.txt", b"Cats sleep.")
    assert two.search("f/main", "cats", 1)
    two.add("f/main", "b.txt", b"Dogs bark.")
    assert one.search("f/main", "dogs", 1)
    assert len(one.files("f/main")) == 2


@pytest.mark.parametrize("moment", ["while writing", "before the rows", "at the commit"])
def test_a_crash_leaves_the_old_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    bases = KnowledgeBases(tmp_path, Letters("one"))
    bases.add("f/main", "a.txt", b"Cats sleep.")

    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    if moment == "while writing":
        monkeypatch.setattr("os.replace", crash)
    elif moment == "before the rows":
        monkeypatch.setattr(faiss_store, "insert_row", crash)
    else:
        real = index_files.write_whole
        monkeypatch.setattr(index_files, "write_whole", lambda path, data: (real(path, data), crash()))
    with pytest.raises(RuntimeError):
        bases.add("f/main", "a.txt", b"Dogs bark.")
    monkeypatch.undo()
    for reader in (bases, KnowledgeBases(tmp_path, Letters("one"))):
        assert [passage.text for passage in reader.search("f/main", "dogs", 9)] == ["Cats sleep."]
    bases.add("f/main", "a.txt", b"Dogs bark.")
    assert len(list((tmp_path / "f" / "main").glob("*.faiss*"))) == 1


@pytest.mark.parametrize("damage", ["altered", "cut", "missing"])
def test_a_damaged_index_is_never_loaded_but_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    KnowledgeBases(tmp_path, Letters("one")).add("f/main", "a.md", HANDBOOK.encode())
    path = next((tmp_path / "f" / "main").glob("*.faiss"))
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-5] + b"evil!" if damage == "altered" else data[:100])
    loaded = []
    real = index_files.faiss.read_index
    monkeypatch.setattr(index_files.faiss, "read_index", lambda reader: loaded.append(1) or real(reader))
    assert KnowledgeBases(tmp_path, Letters("one")).search("f/main", "lunch", 1)[0].heading == "Canteen"
    assert loaded == []
    assert KnowledgeBases(tmp_path, Letters("one")).search("f/main", "lunch", 1)[0].heading == "Canteen"
    assert loaded == [1]


def test_damaged_rows_are_named(tmp_path: Path) -> None:
    KnowledgeBases(tmp_path).add("f/main", "a.txt", b"Cats sleep.")
    (tmp_path / "f" / "main" / "rows.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(KnowledgeError, match="The knowledge base can’t be opened"):
        KnowledgeBases(tmp_path).search("f/main", "cats", 1)


def test_another_embedder_makes_the_index_anew(tmp_path: Path) -> None:
    KnowledgeBases(tmp_path, Letters("one")).add("f/main", "a.md", HANDBOOK.encode())
    other = Letters("two", size=16)
    bases = KnowledgeBases(tmp_path, other)
    assert len(bases.search("f/main", "lunch", 3)) == 3
    assert len(bases.search("f/main", "lunch", 3)) == 3
    assert other.asked == 6 + 2
    assert not bases.matches_by_words
    assert KnowledgeBases(tmp_path).search("f/main", "lunch", 3)[0].heading == "Canteen"


def test_copies_and_deletes(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    bases.add("one/main", "a.txt", b"Cats sleep.")
    bases.add("two/main", "old.txt", b"Old things.")
    bases.copy("one/main", "two/main")
    bases.copy("one/none", "two/none")
    bases.copy("one/main", "one/main")
    assert [info.name for info in bases.files("two/main")] == ["a.txt"]
    bases.add("two/main", "b.txt", b"Dogs bark.")
    assert len(bases.files("one/main")) == 1
    bases.delete_all("one")
    assert bases.search("one/main", "cats", 1) == []
    assert bases.search("two/main", "cats", 1)
    bases.delete_all("one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["two"]


@pytest.mark.parametrize(
    "key", ["", "/", "..", "../x", "a/../b", "a//b", "/etc", "a\\b", "a/\0", "a/.", "a/b/c/d/e", "a/. ."]
)
def test_refuses_keys_that_lead_elsewhere(tmp_path: Path, key: str) -> None:
    bases = KnowledgeBases(tmp_path / "in")
    for act in (
        lambda: bases.add(key, "a.txt", b"x y"),
        lambda: bases.delete_all(key),
        lambda: bases.files(key),
    ):
        with pytest.raises(KnowledgeError):
            act()
    assert not (tmp_path / "in").exists()


@given(st.text(min_size=1, max_size=30))
def test_every_key_stays_inside(key: str) -> None:
    try:
        path = folder_of(key)
    except KnowledgeError:
        return
    assert not path.is_absolute()
    assert all(part not in ("..", ".") and len(part) < 70 for part in path.parts)


def test_different_keys_have_different_folders() -> None:
    keys = ["a", "A", "con", "é", "e", "员工", "Staff handbook", "a.b", "a-b", "a/b"]
    assert len({str(folder_of(key)).lower() for key in keys}) == len(keys)


def test_many_threads(tmp_path: Path) -> None:
    bases = KnowledgeBases(tmp_path)
    stop = threading.Event()
    errors: list[Exception] = []

    def read() -> None:
        while not stop.is_set():
            try:
                bases.search("f/main", "animal number", 5)
            except Exception as error:
                errors.append(error)
            time.sleep(0.001)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    with ThreadPoolExecutor(4) as pool:
        adding = [pool.submit(bases.add, "f/main", f"{n}.txt", f"Animal number {n}.".encode()) for n in range(16)]
    stop.set()
    reader.join()
    assert [future.exception() for future in adding] == [None] * 16
    assert errors == []
    assert len(bases.files("f/main")) == 16
    assert len(bases.search("f/main", "animal", 50)) == 16


def test_the_store_speaks_langchain(tmp_path: Path) -> None:
    about = [{"file": "a.md", "page": 3}, {"source": "b.md"}]
    store = LangChainStore.from_texts(["Cats sleep", "Dogs bark"], Letters("one"), about, folder=tmp_path)
    found = store.similarity_search("dog", k=1)
    assert (found[0].page_content, found[0].metadata["file"]) == ("Dogs bark", "b.md")
    assert store.delete(["2"])
    assert [each.page_content for each in store.similarity_search("dog")] == ["Cats sleep"]


def test_nothing_is_pickled() -> None:
    for module in (bases_module, faiss_store):
        assert "pickle" not in Path(module.__file__ or "").read_text().replace("never pickle", "")
    assert sqlite3.threadsafety
