"""Text in the encodings that exports come in, and what is said about the reading."""

import pytest

from crm_core.errors import ImportFileError
from crm_core.importing.encodings import as_utf8

WESTERN = "id;name;day;amount\n1;Zoé Müller;2024-05-01;12,50\n2;François Núñez;2024-05-02;3,00\n3;Ana;2024-05-03;1\n"
CHINESE = "订单号,客户,日期,金额\n1001,王小明,2024-05-01,12.50\n1002,李华,2024-05-02,8.00\n"
OTHERS = {
    "cp1251": "заказ,клиент,дата\n1,Иван Петров,2024-05-01\n2,Анна Иванова,2024-05-02\n",
    "cp1250": "id;klient\n1;Łukasz Żółć\n2;Świętosław Gżegżółka\n",
    "shift_jis": "注文番号,顧客,日付\n1,山田太郎,2024-05-01\n2,スズキ,2024-05-02\n",
    "big5": "訂單編號,客戶,日期\n1,陳小姐,2024-05-01\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_western_text_is_read_in_every_encoding_it_comes_in(encoding: str) -> None:
    assert as_utf8(WESTERN.encode(encoding), "orders.csv").data.decode() == WESTERN


@pytest.mark.parametrize("times", [1, 500])
@pytest.mark.parametrize(("encoding", "text"), [("gb18030", CHINESE), ("utf-16-le", CHINESE), *OTHERS.items()])
def test_other_scripts_are_told_apart(encoding: str, text: str, times: int) -> None:
    assert as_utf8((text * times).encode(encoding), "orders.csv").data.decode() == text * times


@pytest.mark.parametrize(
    "name", ["Zoé", "Müller", "Núñez", "François", "Ærø", "Ångström", "GARÇON", "5 €", "naïve – yes"]
)
def test_one_accent_in_a_file_is_western_not_chinese(name: str) -> None:
    text = f"id,name\n1,Ana\n2,{name}\n"
    assert as_utf8(text.encode("cp1252"), "orders.csv").data.decode() == text


def test_one_chinese_name_in_a_file_is_chinese() -> None:
    text = "id,name\n1,Ana\n2,王小明\n"
    assert as_utf8(text.encode("gb18030"), "orders.csv").data.decode() == text


@pytest.mark.parametrize(
    ("encoding", "words"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "Read as UTF-16."), ("cp1252", "Read as Windows-1252 (Western")],
)
def test_a_note_says_what_was_read_when_it_was_not_utf8(encoding: str, words: str) -> None:
    notes = as_utf8(WESTERN.encode(encoding), "orders.csv").notes
    assert len(notes) == bool(words)
    assert "".join(notes).startswith(words)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("a,b\n1,é\n2,ü\n".encode() + b"3,\xe9\n", r"row 4: byte 0xe9 is not UTF-8 text, as the rest of the file is"),
        (b"a,b\r1,2\r3,\0\r4,5\r" + b"6,7\r" * 30, r"row 3 holds a NUL byte"),
        ("a,b\n1,2\n3,\0\n".encode("utf-16"), r"row 3 holds a NUL byte"),
        (b"\xff\xfea\0,\0b\0\n\0\0\xd8\0\xd8", r"can't be read as UTF-16 text"),
        (bytes(range(256)), r"is not text"),
        (b"\xff\xfe \0\n\0", r"is empty"),
    ],
)
def test_what_can_not_be_read_is_one_sentence(data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        as_utf8(data, "orders.csv")
