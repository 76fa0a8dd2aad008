from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.asks import Asked, asked_for, can_answer, first_of


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What weapons did Myanmar buy from Russia?", "list"),
        ("Senjata apa yang dibeli Myanmar dari Rusia?", "list"),
        ("Which Asian countries joined RCEP?", "list"),
        ("Negara mana saja yang bergabung?", "list"),
        ("Who are the members of the Quad?", "list"),
        ("Sebutkan anggotanya", "list"),
        ("In which year did it open?", "date"),
        ("Kapan Whoosh diresmikan?", "date"),
        ("Tahun berapa gempa itu?", "date"),
        ("Tanggal lahirnya berapa?", "date"),
        ("Berapa tanggalnya?", "date"),
        ("Berapa tahun berdirinya?", "date"),
        ("In Palu, where the tsunami struck, how many people died?", "other"),
        ("Di mana dan kapan Trump bertemu Kim?", "other"),
        ("Where did the people who fled go?", "place"),
        ("Where does Indonesia rank?", "other"),
        ("What caused costs to rise?", "other"),
        ("What did the mistake cost him?", "other"),
        ("What is the total cost?", "money"),
        ("Berapa persen tarif naik?", "number"),
        ("tahun berapakah tembok itu runtuh?", "date"),
        ("How many people died?", "number"),
        ("Berapa negara saja yang ikut?", "number"),
        ("Who stood next to Obama?", "name"),
        ("Siapa presidennya?", "name"),
        ("What was the name of the ship?", "other"),
        ("What has the ministry said?", "other"),
        ("Which crisis was discussed?", "other"),
        ("Why was it cancelled?", "other"),
        ("How much did Myanmar pay for the jets?", "money"),
        ("Berapa harga jet itu?", "money"),
        ("How much rain fell?", "number"),
        ("How many people died when Semeru erupted?", "number"),
        ("What weapons did Myanmar buy when Lavrov visited?", "list"),
        ("What did the WHO recommend?", "other"),
        ("WHO WON?", "name"),
        ("Why did the villagers who fled return?", "other"),
        ("Kapankah Whoosh diresmikan?", "date"),
        ("Berapakah korban gempa?", "number"),
        ("Jam berapa gempa terjadi?", "date"),
        ("What time did it start?", "date"),
        ("Mengapa jumlah korban naik?", "other"),
        ("Which country leads RCEP?", "other"),
        ("What company owns the ship?", "other"),
        ("Apa yang dikatakan menteri?", "other"),
        ("Negara-negara mana yang bergabung?", "list"),
        ("Siapa saja yang hadir?", "list"),
        ("Did the vote impose an embargo when it was held?", "yes-no"),
        ("and was it used?", "yes-no"),
        ("Apakah Indonesia ikut menandatangani konvensi itu?", "yes-no"),
        ("Benarkah bea cukai menyita hibah itu?", "yes-no"),
        ("Apakah nama kapal itu?", "other"),
        ("Apa yang terjadi?", "other"),
        ("Pernahkah Indonesia juara?", "yes-no"),
        ("In November 2013, was the storm over?", "yes-no"),
        ("Pada 2013, apakah badai sudah reda?", "yes-no"),
        ("Was the ship built in Japan or Korea?", "other"),
        ("Apakah kapal itu buatan Jepang atau Korea?", "other"),
        ("Sudahkah kapal itu tiba atau belum?", "yes-no"),
        ("Do you know when Semeru erupted?", "date"),
        ("Can you tell me who signed it?", "name"),
        ("Apakah anda tahu kapan Semeru meletus?", "date"),
        ("Apakah dampak gempa itu?", "other"),
        ("Didi Kempot lahir kapan?", "date"),
        ("Where did the two leaders meet?", "place"),
        ("Di mana perjanjian itu diteken?", "place"),
        ("Di kota mana KTT itu digelar?", "place"),
        ("Di kota mana saja gempa terasa?", "list"),
        ("Di antara keduanya mana yang lebih tua?", "other"),
        ("In which city was it signed?", "place"),
        ("From which country did it buy jets, and when?", "other"),
        ("kapal itu buatan mana?", "other"),
        ("In which districts does it live?", "list"),
        ("What will the submarines cost Canberra?", "money"),
        ("What age is the picture?", "number"),
        ("", "other"),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, asked: Asked) -> None:
    assert asked_for(question) == asked


@pytest.mark.parametrize(
    ("asked", "question", "can", "cannot"),
    [
        (
            "number",
            "How many people died?",
            ["62", "twenty-one", "more than a hundred", "no one", "dozens"],
            ["many", ""],
        ),
        (
            "number",
            "What age is the picture?",
            ["48,000 years", "2019 years", "5 May, 2 days"],
            ["2019", "in May 2019"],
        ),
        ("number", "How old is the deal?", ["1993", "30 years"], ["old"]),
        ("number", "How many?", ["$1850", "2000", "1,954", "1954 orang"], ["on 5 May", "since 2018", "May 7, 2018"]),
        ("number", "berusia berapa?", ["1970"], []),
        ("money", "What did it cost?", ["5m pounds", "50 ribu", "5,000 rupees", "free"], ["dear", "5 metres"]),
        ("number", "Berapa lama?", ["sebulan", "dua puluh hari", "seratus", "tiga kali", "a week"], ["lama"]),
        ("number", "Berapa anggarannya?", ["5 miliar", "Rp 3 triliun", "sepertiga"], ["besar"]),
        ("date", "When did it end?", ["2012", "in May", "on Friday", "after the vote", "last week"], ["in", "since"]),
        ("date", "Tahun berapa terakhir juara?", ["1991", "32 tahun lalu", "tahun 1991"], ["32 tahun", "about 5 days"]),
        ("date", "Kapan berakhir?", ["Senin", "bulan lalu", "sejak kudeta", "dini hari", "Agustus"], ["pada", "lama"]),
        ("money", "How much did it cost?", ["$3", "30 million"], ["30"]),
        (
            "date",
            "RCEP mulai berlaku tanggal berapa?",
            ["2 January 2023", "tanggal 1", "Nov.1", "Senin", "the same day", "hari Natal"],
            ["November 2012", "akhir Maret 2019", "2026", "1.234", "sejak 2018"],
        ),
        ("date", "What day did it open?", ["1st of May", "Good Friday", "New Year's Eve"], ["May 2021", "in spring"]),
        ("date", "When did it open?", ["May 2021"], []),
        (
            "number",
            "Berapa persen suaranya?",
            ["41,3 persen", "40 persennya", "23", "sekitar 40-50", "22.15", "two fifths", "sepertiga", "half of them"],
            ["120 of the 125 seats", "more than 4.5 billion dollars", "150.000", "82 kursi"],
        ),
        ("other", "What share of the island burnt?", ["a fifth", "12%"], ["1,800 hectares"]),
        ("list", "What weapons did Myanmar buy?", ["Su-30", "weapons from Russia"], ["weapons", "Myanmar weapons"]),
        ("name", "Siapa juru bicara junta?", ["Zaw Min Tun"], ["juru bicara", "Junta"]),
        ("other", "Which was larger, Obama's or Biden's?", ["Obama's"], []),
        (
            "place",
            "Where was it signed?",
            ["Magelang", "Marawi", "di Sepang pada 3 Mei", "the 38th parallel", "May Street"],
            ["20 Agustus 2024", "on Sunday, 3 May", "2019", "early in March", ""],
        ),
        ("yes-no", "Did Myanmar buy weapons?", ["Myanmar", "It did."], []),
    ],
)
def test_what_cannot_be_such_an_answer_is_told_by_its_words(
    asked: Asked, question: str, can: list[str], cannot: list[str]
) -> None:
    assert [words for words in can if not can_answer(asked, words, question)] == []
    assert [words for words in cannot if can_answer(asked, words, question)] == []


def test_what_the_turn_before_said_is_no_answer_again() -> None:
    said = "What age is the picture? 48,000 years or more."
    assert not can_answer("other", "48,000 years or more", "and what was it before that?", said)
    assert can_answer("other", "43,900 years", "and what was it before that?", said)
    assert can_answer("other", "Tokyo", "Tokyo or Paris?", "Which games? Tokyo.")


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_are_judged(words: str, question: str) -> None:
    assert can_answer("yes-no", words, question)
    if can_answer("number", words, question) or can_answer("date", words, question):
        assert can_answer("name", words, question)


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        ("Berapa korban tewas?", "46 orang meninggal dan 826 orang terluka", "46 orang meninggal"),
        ("Berapa korban tewas?", "46 orang, sementara Basarnas menyebut 49", "46 orang"),
        ("In what year did a pope first come?", "1970 dan Yohanes Paulus II pada 1989", "1970"),
        ("Kapan berlaku di Malaysia?", "18 Maret 2022 dan Indonesia pada 2 Januari 2023", "18 Maret 2022"),
        ("When did it start there?", "1 May 2022, Japan on 3 June 2022 and Laos on 2 July", "1 May 2022"),
        ("When was it?", "on July 4, 1976", "on July 4, 1976"),
        ("When was it?", "2 May 2019 to 5 May 2019, and again 7 May 2019", "2 May 2019 to 5 May 2019"),
        ("When was it?", "from 2 May 2019 and 5 May 2019", "from 2 May 2019 and 5 May 2019"),
        ("How much did it cost?", "between 268 and 368 billion dollars", "between 268 and 368 billion dollars"),
        ("Kapan mereka tiba?", "antara Juni 2023 dan Januari 2024", "antara Juni 2023 dan Januari 2024"),
        ("Tahun berapa saja ia menang?", "1980 dan 1987", "1980 dan 1987"),
        ("How many came?", "1,500 men and women", "1,500 men and women"),
        ("How long did it take?", "2 hours and 40 minutes", "2 hours and 40 minutes"),
        ("Who came?", "the 42nd president and the 43rd", "the 42nd president and the 43rd"),
    ],
)
def test_of_two_numbers_that_run_together_the_first_is_kept(question: str, words: str, kept: str) -> None:
    assert first_of(asked_for(question), words, question) == kept
