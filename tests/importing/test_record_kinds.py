"""Which kind a file is, told by its columns alone; lengths, moments and scales as people write them."""

import pytest

from crm_core.importing.choices import Reading
from crm_core.importing.kinds import ImportKind
from crm_core.importing.reader import read_table
from crm_core.importing.sources import recognise_source
from crm_core.importing.surveys import stage_surveys
from crm_core.importing.tickets import stage_tickets


def kind_of(header: str, row: str) -> ImportKind:
    table = read_table(f"{header}\n{row}\n".encode(), file_name="file.csv")
    source = recognise_source(table)
    assert source.is_told
    return source.kind


@pytest.mark.parametrize(
    ("header", "row", "kind"),
    [
        ("Ticket ID,Requester email,Subject,Created at,Solved at", "1,a@x.org,Help,2026-01-02,", "tickets"),
        ("Kundennummer,Betreff,Erstellt am,Gelöst am,Status", "7,Hilfe,02.01.2026,,offen", "tickets"),
        ("工单编号,客户姓名,主题,创建时间,解决时间", "1,王伟,帮助,2026-01-02,", "tickets"),
        ("customer_id,date,question,score", "7,2026-01-02,How?,4", "surveys"),
        ("customer_id,date,question,value", "7,2026-01-02,How?,4.50", "surveys"),
        ("Kunde,Datum,Frage,Bewertung", "7,02.01.2026,Wie?,4", "surveys"),
        ("客户编号,日期,问题,评分", "7,2026-01-02,如何,4", "surveys"),
        ("customer_id,date,channel,minutes,note", "7,2026-01-02,call,12.50,x", "interactions"),
        ("E-Mail,Datum,Kanal,Dauer,Notiz", "a@x.org,02.01.2026,Anruf,1:30,x", "interactions"),
        ("客户编号,沟通日期,沟通方式,通话时长", "7,2026-01-02,电话,5分钟", "interactions"),
        ("SKU,Title,Type,Price,Cost per item", "p1,Tea,Drinks,4.50,1.20", "products"),
        ("Artikelnummer,Bezeichnung,Kategorie,Preis", 'p1,Tee,Getränke,"4,50"', "products"),
        ("商品编号,商品名称,分类,售价", "p1,茶,饮料,4.50", "products"),
        ("customer_id,date,amount,note,channel", "7,2026-01-02,4.50,x,shop", "orders"),
        ("name,email,category", "Ana,a@x.org,good", "customers"),
    ],
)
def test_a_file_says_by_its_columns_what_it_is(header: str, row: str, kind: str) -> None:
    assert kind_of(header, row) == kind


def test_money_in_a_column_of_another_name_makes_no_conversations_of_orders() -> None:
    table = read_table(b"customer_id,date,gross,note,channel\n7,2026-01-02,4.50,x,shop\n", file_name="file.csv")
    source = recognise_source(table)
    assert (source.kind, source.is_told) == ("orders", False)


def test_the_day_is_read_alike_in_all_columns_of_a_ticket() -> None:
    text = b"ticket,customer,opened,subject,solved\n1,c1,03/04/2026,a,25/04/2026\n2,c1,05/04/2026,b,06/04/2026\n"
    table = read_table(text, file_name="file.csv")
    staged = stage_tickets(table, recognise_source(table).mapping, Reading())
    assert staged.records["opened_on"].astype(str).tolist() == ["2026-04-03", "2026-04-05"]
    assert not staged.dates_are_ambiguous


def test_a_question_with_words_in_most_answers_is_no_scale() -> None:
    text = b"customer,date,How,Why\nc1,2026-01-02,5,1 reason\nc2,2026-01-02,4,price\n"
    table = read_table(text, file_name="file.csv")
    staged = stage_surveys(table, recognise_source(table, None, ImportKind.SURVEYS).mapping, Reading())
    assert staged.records["question"].tolist() == ["How", "How"]
    assert staged.notes[-1] == "Answers in words were left out: Why."
