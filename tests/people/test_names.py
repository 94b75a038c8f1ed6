"""The Kazakh alphabet's order, and the one form in which all spellings of a name meet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people.names import KAZAKH_ALPHABET, LONGEST_SORT_KEY, child_key, fold, search_text, sort_key

letters = st.text(st.sampled_from(KAZAKH_ALPHABET + KAZAKH_ALPHABET.upper()), min_size=1, max_size=30)


def test_the_alphabet_has_its_42_letters_each_once() -> None:
    assert len(KAZAKH_ALPHABET) == len(set(KAZAKH_ALPHABET)) == 42


def test_names_sort_as_the_kazakh_alphabet_does_not_as_code_points_do() -> None:
    names = ["Абенова", "Әбілқайыр", "Байғазин", "Ғабитова", "Дүйсен", "Ержанов", "Ёлкин", "Қасым", "Нұрпейіс", "Ңұр"]
    names += ["Оразбай", "Өтеген", "Ұзақбаев", "Үсенов", "Һүрия", "Ыбырай", "Ілиясова", "Smith"]

    assert sorted(set(names), key=lambda name: sort_key(name, "")) == names


def test_a_short_surname_comes_before_a_longer_one_whatever_the_given_names() -> None:
    assert sort_key("Ким", "Яна") < sort_key("Кимаев", "Анна")
    assert sort_key("Ким", "Анна", "Петровна") < sort_key("Ким", "Яна")


def test_capitals_and_edges_dont_change_the_order() -> None:
    assert sort_key(" ӨТЕГЕН ", "Бекзат") == sort_key("өтеген", "БЕКЗАТ")


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100))
@pytest.mark.full
def test_a_sort_key_is_digits_that_every_database_orders_alike_and_fits_its_column(a: str, b: str, c: str) -> None:
    key = sort_key(a, b, c)

    assert len(key) <= LONGEST_SORT_KEY
    assert set(key) <= set("0123456789")


@pytest.mark.parametrize(
    "spellings",
    [
        ("Сейітқали", "Сейтқали", "СЕЙІТКАЛИ", "Seitkali", "Seytqali", "Seiitkali"),
        ("Нұрлан", "Нурлан", "Нүрлан", "Nurlan", "nūrlan"),
        ("Ержанов", "Yerzhanov", "Erzhanov", "Erjanov"),
        ("Ёлкин", "Елкин", "Yolkin", "Elkin"),
        ("Жәнібек", "Жанибек", "Zhanibek", "Janibek", "Jänıbek"),
        ("Шмидт", "Schmidt", "Shmidt", "Şmidt"),
        ("Һүрия", "Хурия", "Huriya", "Khuria"),
        ("Мария", "Mariya", "Maria"),
        ("Цой", "Tsoi", "Tsoy"),
        ("Ғалым", "Галым", "Galym", "Ghalym"),
        ("Өмірбек", "Омирбек", "Omirbek"),
        ("Щукин", "Shchukin"),
    ],
)
def test_all_spellings_of_a_name_meet_in_one_form(spellings: tuple[str, ...]) -> None:
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


def test_different_names_stay_different() -> None:
    names = "Дина Дана Арман Ерлан Асқар Асан Серік Сәуле Сәбит Болат Бекзат Айгүл Назгүл".split()

    assert len({fold(name) for name in names}) == len(names)


def test_digits_stay_as_they_are() -> None:
    assert fold("№ 100011") == "100011"


@given(st.text(max_size=60))
@pytest.mark.full
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(letters)
def test_a_folded_kazakh_name_is_plain_latin(name: str) -> None:
    assert set(fold(name)) <= set("abcdefghijklmnopqrstuvwxyz ")


def test_what_is_searched_begins_every_word_with_a_space() -> None:
    assert search_text("Сейітқали", "Нұрлан", "", "100011") == " seitkali nurlan 100011"


def test_twins_are_two_children_of_one_guardian_by_their_names() -> None:
    assert child_key("Ёлкина", "Ақмарал", "2011-02-22") != child_key("Ёлкина", "Айсұлу", "2011-02-22")
    assert child_key("Ёлкина", "Ақмарал", "2011-02-22") == child_key("ЕЛКИНА", "Акмарал", "2011-02-22")
