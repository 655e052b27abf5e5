"""Letters found by text on SQLite and on PostgreSQL: every part of them, numbers in all forms, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import func, select, text
from sqlalchemy.event import listen

from services.documents.search.finding import Entry, Place, matching, remove, store
from services.documents.search.rules import Rank, SearchText, query_of
from services.documents.search.tables import LetterText
from shared.thai.collation import THAI, sort_key
from shared.thai.fold import fold_for_search
from tests.running.letter_shelf import EVERYWHERE, Shelf, moment, open_shelf, read_through
from tests.servers import PostgresServer, RabbitServer, plain_dsn

# few letters, so that texts have much in common, and everything that means something to LIKE, FTS5 or SQL
ALPHABET = "กขอปรมชศธวเแำา\u0e4d\u0e38\u0e31\u0e34\u0e48\u0e49 .0129๑๒/%_\"'\\-()*:^aB\u200b"
TEXTS = st.text(ALPHABET, max_size=14)
NUMBERS = st.sampled_from(["ศธ 04047/ว 12", "ศธ ๐๔๐๔๗/12", "12/2569", "ว12", "1", "21", "ศธ 04047.1/2"])
LETTERS = st.lists(st.tuples(TEXTS, TEXTS, st.lists(NUMBERS, max_size=2), st.integers(0, 3)), max_size=6)
THOROUGH = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def entry(letter_id: str, subject: str, minutes: int = 0, path: str = "/obec/5704/", **texts: Any) -> Entry:
    return Entry(letter_id, path, moment(minutes), SearchText.of(subject, **texts), (path,))


def entries_of(letters: list[tuple[str, str, list[str], int]]) -> list[Entry]:
    return [
        entry(str(place), subject, minutes, notes=[note], numbers=numbers)
        for place, (subject, note, numbers, minutes) in enumerate(letters)
    ]


@pytest.fixture(scope="module")
def shelves(
    servers: tuple[RabbitServer, PostgresServer], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Shelf, Shelf]]:
    """The same on each database."""
    sqlite, postgresql = (open_shelf(tmp_path_factory.mktemp("shelf"), each) for each in (None, servers[1]))
    yield next(sqlite), next(postgresql)
    for each in (sqlite, postgresql):
        next(each, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def shelf(request: pytest.FixtureRequest, shelves: tuple[Shelf, Shelf]) -> Shelf:
    return shelves[request.param == "postgresql"]


class TestEveryPartIsFound:
    @THOROUGH
    @given(LETTERS, st.data())
    @pytest.mark.parametrize("newest", [1, 4000])
    def test_any_part_of_a_text_finds_its_letter(
        self, shelves: tuple[Shelf, Shelf], newest: int, letters: list[Any], data: st.DataObject
    ) -> None:
        entries = entries_of([*letters, (data.draw(TEXTS.filter(fold_for_search)), "", [], 0)])
        whole = entries[-1].text.subject
        start = data.draw(st.integers(0, len(whole) - 1))
        part = whole[start : data.draw(st.integers(start + 1, len(whole)))]
        for shelf in shelves:
            shelf.fill(entries)
            found = shelf.find(part, newest=newest)
            assert entries[-1].letter_id in {hit.letter_id for hit in found}
            assert [(hit.letter_id, hit.rank) for hit in found] == read_through(entries, part)

    @THOROUGH
    @given(LETTERS, st.one_of(TEXTS, st.text(max_size=20), NUMBERS))
    @pytest.mark.parametrize("newest", [1, 4000])
    def test_whatever_is_typed_finds_what_reading_finds(
        self, shelves: tuple[Shelf, Shelf], newest: int, letters: list[Any], typed: str
    ) -> None:
        entries = entries_of(letters)
        expected = read_through(entries, typed)
        for shelf in shelves:
            shelf.fill(entries)
            assert [(hit.letter_id, hit.rank) for hit in shelf.find(typed, newest=newest)] == expected
            with shelf.database.read() as session:
                counted = matching(
                    select(func.count()).select_from(LetterText), query_of(typed), [EVERYWHERE], shelf.dialect
                )
                assert session.scalar(counted) == len(expected)

    @pytest.mark.parametrize("newest", [1, 4000])
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("ขอ", ["c", "a"]),
            ("ฮ", ["b"]),
            ("ฮา", ["b"]),
            ("ผู้บริหาร ประชุม", ["a"]),
            ("น้ําหนัก", ["b"]),
            ("นำ้หนัก", ["b"]),
            ("เเม่สาย", ["c"]),
            ("นางสาวสมใจ", ["a"]),
            ("สมใจ ใจดี", ["a"]),
            ("หน่วยงานที่ไม่มี", []),
            ("สายประชุม", []),
        ],
    )
    def test_folded_on_both_sides(self, shelf: Shelf, newest: int, typed: str, found: list[str]) -> None:
        shelf.fill(
            [
                entry("a", "ขอเชิญประชุมผู้บริหาร", 1, people=["นางสาว สมใจ  ใจดี"]),
                entry("b", "นํ้าหนักและส่วนสูง ฮาลาล", 2),
                entry("c", "ขอส่งข้อมูล", 3, correspondents=["โรงเรียนบ้านแม่สาย"], notes=["ประกาศ"]),
            ]
        )
        assert shelf.found(typed, newest=newest) == found


class TestNumbers:
    LETTERS = (
        ("circular", ["ศธ 04047/ว 123", "45/2569"]),
        ("plain", ["ศธ ๐๔๐๔๗/๑๒๓"]),
        ("school", ["ศธ 04047.109/123"]),
        ("order", ["123/2569"]),
        ("longer", ["ศธ 04047/1234"]),
        ("inserted", ["7.1/2569"]),
    )

    @pytest.mark.parametrize("newest", [1, 4000])
    @pytest.mark.parametrize(
        ("typed", "exact", "others"),
        [
            ("123", {"circular", "plain", "school", "order"}, {"longer"}),
            ("๑๒๓", {"circular", "plain", "school", "order"}, {"longer"}),
            ("ว123", {"circular"}, {"plain", "school", "order"}),
            ("ว ๑๒๓", {"circular"}, {"plain", "school", "order"}),
            ("04047/123", {"circular", "plain"}, {"longer"}),
            ("๐๔๐๔๗/ว ๑๒๓", {"circular"}, {"plain"}),
            ("ศธ 04047/ว 123", {"circular"}, {"plain"}),
            ("ที่ ศธ 04047/ว123", {"circular"}, {"plain"}),
            ("ศธ.04047/123", {"circular", "plain"}, set()),
            ("ศธ04047/123", {"circular", "plain"}, {"longer"}),
            ("ศธ 04047.109/123", {"school"}, set()),
            ("123/2569", {"order"}, set()),
            ("๑๒๓/๒๕๖๙", {"order"}, set()),
            ("45", {"circular"}, set()),
            ("2569", set(), {"circular", "order", "inserted"}),
            ("7/2569", {"inserted"}, set()),
            ("7.1/2569", {"inserted"}, set()),
            ("1234", {"longer"}, set()),
            ("04047", set(), {"circular", "plain", "school", "longer"}),
            ("123 เรื่อง order", {"order"}, set()),
            ("124", set(), set()),
        ],
    )
    def test_every_spelling_finds_the_number(
        self, shelf: Shelf, newest: int, typed: str, exact: set[str], others: set[str]
    ) -> None:
        shelf.fill(
            entry(name, f"เรื่อง {name}", place, numbers=numbers)
            for place, (name, numbers) in enumerate(self.LETTERS)
        )
        hits = shelf.find(typed, newest=newest)
        assert {hit.letter_id for hit in hits if hit.rank is Rank.EXACT_NUMBER} == exact
        assert {hit.letter_id for hit in hits if hit.rank is not Rank.EXACT_NUMBER} == others

    def test_nothing_is_found_across_two_texts(self, shelf: Shelf) -> None:
        shelf.fill([entry("a", "กข", numbers=["1", "2"], notes=["คง", "จฉ"])])
        assert [shelf.found(typed) for typed in ("ขค", "งจ", "12", "ข1")] == [[], [], [], []]


class TestNothingBreaksOut:
    @pytest.mark.parametrize(
        "typed",
        ["%", "_", "ก%ข", "กข%", "\\", "*", "ก*", "'", "' OR 1=1 --", '" OR "ก', "NOT ก", "NEAR(ก ข)",
         "grams:ก", "ก OR ข", "{}", "{1,2}", "^ก", ";", "\x00", "ก\x00ข", "\ud800",
         "(" * 200, "ก " * 100, "ก/1 " * 50, "1 ว2 " * 40, " ".join(f"ว{each}" for each in range(50))],
    )  # fmt: skip
    @pytest.mark.parametrize("newest", [1, 4000])
    def test_signs_are_signs(self, shelf: Shelf, newest: int, typed: str) -> None:
        entries = [entry("a", "กข ค"), entry("b", "100% _ \\ * OR NOT (ก) ก/1 1"), entry("c", "อื่น")]
        shelf.fill(entries)
        hits = shelf.find(typed, newest=newest)
        assert [(hit.letter_id, hit.rank) for hit in hits] == read_through(entries, typed)


class TestOrderAndPages:
    ENTRIES = (
        entry("rest", "อื่น", 9, notes=["ประชุม ครู 12"]),
        entry("words", "ครู 12 ประชุม", 8),
        entry("older phrase", "การประชุมครู 12 คน", 1),
        entry("phrase", "ประชุมครู 12 คน", 7),
        entry("number", "ประชุมครู", 0, numbers=["12/2569"]),
        entry("none", "ประชุม", 10),
    )

    @pytest.mark.parametrize("newest", [1, 4000])
    def test_the_best_come_first_and_the_newest_among_equals(self, shelf: Shelf, newest: int) -> None:
        shelf.fill(self.ENTRIES)
        expected = ["number", "phrase", "older phrase", "words", "rest"]
        assert shelf.found("ประชุม ครู 12", newest=newest) == expected

    @pytest.mark.parametrize("newest", [1, 3, 4000])
    @pytest.mark.parametrize("size", [1, 2, 5])
    @pytest.mark.parametrize("typed", ["ประชุม ครู 12", "ประชุม", "", "1"])
    def test_pages_follow_each_other(self, shelf: Shelf, newest: int, size: int, typed: str) -> None:
        # three letters of every moment
        entries = [
            entry(str(place), ("ประชุมครู", "ครูประชุม", "อื่น")[place % 3], place // 3, notes=["ประชุม ครู 12"],
                  numbers=["12"][: place % 2])
            for place in range(18)
        ]  # fmt: skip
        shelf.fill(entries)
        pages: list[str] = []
        after = None
        while hits := shelf.find(typed, limit=size, after=after, newest=newest):
            pages += [hit.letter_id for hit in hits]
            after = Place.of(hits[-1].cursor)
        assert pages == [letter_id for letter_id, _rank in read_through(entries, typed)]

    @pytest.mark.parametrize(
        "cursor",
        ["", "1", "9~2026-01-01T00:00:00+00:00~1", "1~2026-01-01T00:00:00~1", "1~x~1", "x~2026-01-01T00:00:00+00:00~1",
         "1~0001-01-01T00:00:00+14:00~1", f"1~2026-01-01T00:00:00+00:00~{1 << 63}", "1~2026-01-01T00:00:00+00:00~-1"],
    )  # fmt: skip
    def test_a_cursor_that_is_none(self, cursor: str) -> None:
        with pytest.raises(ValueError):
            Place.of(cursor)


class TestScope:
    LETTERS = (
        ("own", ["/obec/5704/a/"]),
        ("below", ["/obec/5704/a/x/"]),
        ("beside", ["/obec/5704/ab/"]),
        ("passed on", ["/obec/5704/b/", "/obec/5704/a/"]),
        ("of another area", ["/obec/5703/"]),
        ("task", ["/obec/5704/b/", "person"]),
    )

    @pytest.fixture
    def letters(self, shelf: Shelf) -> Shelf:
        shelf.fill(
            Entry(name, reach[0], moment(place), SearchText.of("ประชุม"), tuple(reach))
            for place, (name, reach) in enumerate(self.LETTERS)
        )
        return shelf

    @pytest.mark.parametrize("newest", [1, 4000])
    @pytest.mark.parametrize("typed", ["ประชุม", "ป", ""])
    @pytest.mark.parametrize(
        ("reach", "found"),
        [
            (["/obec/5704/a/"], {"own", "below", "passed on"}),
            (["/obec/5704/a/", "person"], {"own", "below", "passed on", "task"}),
            (["person"], {"task"}),
            (["/obec/5704/"], {"own", "below", "beside", "passed on", "task"}),
            (["somebody"], set()),
            ([], {name for name, _ in LETTERS}),
        ],
    )
    def test_what_the_caller_does_not_reach_is_not_looked_at(
        self, letters: Shelf, newest: int, typed: str, reach: list[str], found: set[str]
    ) -> None:
        assert set(letters.found(typed, reach=reach, newest=newest)) == found

    @pytest.mark.parametrize("newest", [1, 4000])
    @pytest.mark.parametrize("reach", [[], ["/"], ["/obec/5704/a/"]])
    def test_what_the_statement_leaves_out_is_not_found(self, letters: Shelf, newest: int, reach: list[str]) -> None:
        own = select(LetterText).where(LetterText.org_path.startswith("/obec/5704/a/", autoescape=True))
        assert set(letters.found("ประชุม", statement=own, reach=reach, newest=newest)) == {"own", "below"}

    @pytest.mark.parametrize("newest", [1, 4000])
    def test_filters_narrow(self, shelf: Shelf, newest: int) -> None:
        shelf.fill(entry(str(minutes), "ประชุม", minutes) for minutes in range(6))
        since = select(LetterText.letter_id).where(LetterText.at >= moment(3)).order_by(LetterText.letter_id)
        assert shelf.found("ประ", statement=since, newest=newest) == ["5", "4", "3"]


class TestStoring:
    @pytest.mark.parametrize("newest", [1, 4000])
    def test_a_letter_is_found_by_its_newest_text_alone(self, shelf: Shelf, newest: int) -> None:
        shelf.fill([entry("other", "อื่น", 1), entry("third", "อื่น", 2)])
        with shelf.database.write() as session:
            store(session, entry("a", "ร่างแรก"))
            store(session, entry("a", "ร่างสอง"))
        assert shelf.found("แรก", newest=newest) == []
        assert shelf.found("ร่าง", newest=newest) == ["a"]

    def test_what_changed_nothing_is_not_written_again(self, shelf: Shelf) -> None:
        first = entry("a", "ประชุม", numbers=["ว 12"])
        numbered = entry("a", "ประชุม", numbers=["ว 12", "7/2569"])
        given = Entry("a", first.org_path, first.at, numbered.text, (first.org_path, "somebody"))
        shelf.fill([first])
        written: list[str] = []
        with shelf.database.write() as session:
            listen(
                session.connection(), "before_cursor_execute",
                lambda *call: written.append(call[2].split()[0]) if "letter_text" in call[2] else None,
            )  # fmt: skip
            for each, is_other in ((first, False), (numbered, True), (numbered, False), (given, True)):
                store(session, each)
                assert [verb for verb in written if verb != "SELECT"] == (["DELETE", "INSERT"] if is_other else [])
                written.clear()

    @pytest.mark.parametrize("newest", [1, 4000])
    def test_a_removed_letter_is_gone(self, shelf: Shelf, newest: int) -> None:
        shelf.fill([entry("a", "ประชุม"), entry("b", "ประชุม")])
        with shelf.database.write() as session:
            remove(session, "a")
            remove(session, "nobody")
        assert shelf.found("ประชุม", newest=newest) == ["b"]

    def test_more_letters_than_are_stored_at_once(self, shelf: Shelf) -> None:
        shelf.fill(entry(str(each), f"เรื่องที่ {each}", each) for each in range(1201))
        assert shelf.found("เรื่องที่1200", newest=1) == ["1200"]
        assert len(shelf.find("เรื่อง", limit=2000)) == 1201

    def test_the_index_of_sqlite_keeps_in_step(self, shelves: tuple[Shelf, Shelf]) -> None:
        shelf = shelves[0]
        shelf.fill([entry("a", "ประชุม"), entry("b", "สัมมนา")])
        with shelf.database.write() as session:
            store(session, entry("a", "อบรม"))
            remove(session, "b")
            check = "INSERT INTO letter_text_grams(letter_text_grams, rank) VALUES ('integrity-check', 1)"
            session.execute(text(check))


class TestIndexes:
    @pytest.mark.parametrize("typed", ["ก", "กข", "ประชุมผู้บริหาร", "ว123", "กข ค 1/2569"])
    def test_terms_of_any_length_use_the_index(self, shelf: Shelf, typed: str) -> None:
        shelf.fill([entry("a", "ประชุม")])
        statement = matching(select(LetterText.letter_id), query_of(typed), [EVERYWHERE], shelf.dialect)
        with shelf.database.read() as session:
            if shelf.database.is_sqlite:
                explain = "EXPLAIN QUERY PLAN"
            else:
                session.execute(text("SET LOCAL enable_seqscan = off"))
                explain = "EXPLAIN"
            compiled = statement.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
            plan = str(session.execute(text(f"{explain} {str(compiled).replace(':', chr(92) + ':')}")).all())
        assert "letter_text_grams" in plan
        assert "SCAN letter_text'" not in plan

    def test_a_database_under_the_c_locale_finds_thai_all_the_same(
        self, servers: tuple[RabbitServer, PostgresServer]
    ) -> None:
        server = servers[1]
        url = server.create_database("c_locale", "c_locale", "pw")
        server.drop_database("c_locale")
        with psycopg.connect(plain_dsn(server.admin_dsn), autocommit=True) as connection:
            made = "CREATE DATABASE {0} OWNER {0} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            connection.execute(sql.SQL(made).format(sql.Identifier("c_locale")))
        shelf = Shelf(url)
        shelf.fill([entry("a", "ขอเชิญประชุม"), entry("b", "อื่น", 1)])
        assert [shelf.found(typed, newest=1) for typed in ("ประชุม", "ขอ", "ช")] == [["a"], ["a"], ["a"]]
        shelf.database.close()
        server.drop_database("c_locale")


SYLLABLES = st.sampled_from(
    ["กา", "ก้า", "ก่าน", "เกม", "แก้ว", "โก", "ไก่", "ใจ", "เข็ม", "ขจร", "นํ้า", "กำ", "สันต์", "ฤทธิ์", "ฦา", "๑", "2", "a"]
)
WORDS = st.lists(st.one_of(SYLLABLES, st.just(" ")), max_size=5).map("".join)


@THOROUGH
@given(st.lists(WORDS, max_size=12))
def test_both_databases_and_python_agree_on_the_order_of_the_dictionary(
    shelves: tuple[Shelf, Shelf], words: list[str]
) -> None:
    entries = [entry(str(place), word) for place, word in enumerate(words)]
    for shelf in shelves:
        shelf.fill(entries)
        with shelf.database.read() as session:
            in_order = select(LetterText.subject).order_by(LetterText.subject.collate(THAI))
            assert [*session.scalars(in_order)] == sorted((each.text.subject for each in entries), key=sort_key)
