from __future__ import annotations

import pytest

from assistant.asks import Asked, asked_for


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
        ("Didi Kempot lahir kapan?", "date"),
        ("", "other"),
    ],
)
def test_the_words_of_a_question_tell_what_it_asks_for(question: str, asked: Asked) -> None:
    assert asked_for(question) == asked
