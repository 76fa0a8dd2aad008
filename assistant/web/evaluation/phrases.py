"""What the pages about evaluation say, in English and Indonesian.

Names of measures are the field's own and are not translated; what they tell is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.evaluate.result import MEANINGS, Outcome
from assistant.evaluate.score import BY_PASSAGE, MEASURES
from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The pages' words in one language. `{…}` are filled by the functions that use them."""

    evaluation: str
    intro: str
    empty: str
    empty_hint: str
    figures: Mapping[str, str]
    of_file: str
    articles_in: str
    begun: str
    unfinished: str
    unscored: str
    broken: str
    choose: str
    compare: str
    compare_hint: str
    choose_two: str
    over_time: str
    over_time_note: str
    no_run: str
    no_run_hint: str
    unusual: str
    whole_report: str
    interval: str
    ended: str
    outcomes: Mapping[Outcome, tuple[str, str]]
    questions: str
    all: str
    failures: str
    how_ended: str
    languages: str
    tag: str
    words: str
    words_hint: str
    show: str
    shown: str
    none_shown: str
    earlier: str
    later: str
    no_answer: str
    error: str
    no_question: str
    asked_before: str
    then: str
    now: str
    again: str
    again_hint: str
    same: str
    changed: str
    became: str
    stayed: str
    gold: str
    unanswerable: str
    supports: str
    inexact: str
    passages: str
    probability: str
    seconds: str
    refused: str
    refused_hint: str
    what_changed: str
    nothing_changed: str
    before: str
    after: str
    change: str
    p: str
    measures: str
    measures_note: str
    both: str
    only: str
    by_language: str
    whiskers: str
    lost: str
    gained: str
    none: str
    lower: str
    tells: Mapping[str, str] = field(repr=False)


EN = Words(
    evaluation="Evaluation",
    intro="Test questions, asked of the articles and scored. Open a run to see what failed; tick two to compare them.",
    empty="There are no runs yet",
    empty_hint="Make a first one, here with the demonstration questions, then come back to this page:",
    figures={
        "right": "Right",
        "f1": "Token F1",
        "recall@5": "Recall@5",
        "abstention_accuracy": "Declined rightly",
    },
    of_file="{count} questions of {file}",
    articles_in="{articles} articles in {passages} passages",
    begun="begun {date}, {time} UTC",
    unfinished="Not finished: {done} of {count} questions asked. The command that began it goes on.",
    unscored="Asked to the end, but not scored yet. The command that began it goes on.",
    broken="Cannot be read",
    choose="Compare {run}",
    compare="Compare",
    compare_hint="Tick two runs.",
    choose_two="Tick two runs to compare them; {count} were ticked.",
    over_time="Right, run after run",
    over_time_note="{file}, from the oldest to the newest. Whiskers: 95% intervals.",
    no_run="There is no such run here",
    no_run_hint="It may have been renamed or removed.",
    unusual="other than usual: {names}",
    whole_report="The whole report",
    interval="95% interval {low}–{high}",
    ended="How the questions ended",
    outcomes={outcome: (outcome.value, MEANINGS[outcome]) for outcome in Outcome},
    questions="Questions",
    all="all",
    failures="what failed",
    how_ended="How it ended",
    languages="Languages",
    tag="Tag",
    words="Words",
    words_hint="in question or answer",
    show="Show",
    shown="{first}–{last} of {count}",
    none_shown="No question fits.",
    earlier="Previous",
    later="Next",
    no_answer="no answer",
    error="error",
    no_question="There is no such question in this run",
    asked_before="Asked before",
    then="Answer then",
    now="Answer now",
    again="Ask this again",
    again_hint="Asks the articles and settings of today, and scores the answer in the same way.",
    same="Same answer",
    changed="Changed",
    became="was {before}, is now {after}",
    stayed="still {after}",
    gold="Right answer",
    unanswerable="No article answers it: Tanya should say that it finds nothing.",
    supports="supports the answer",
    inexact="not in the article",
    passages="Passages read",
    probability="probability",
    seconds="seconds",
    refused="This was not asked from a page of Tanya",
    refused_hint="A question is asked again only with the button on its page. Open the page and press it there.",
    what_changed="What was changed",
    nothing_changed="No setting, index or version that the runs know of.",
    before="before",
    after="after",
    change="change",
    p="p",
    measures="Measures",
    measures_note="p is the chance of a difference at least as large if the runs were alike (paired randomisation"
    " test); coloured below 0.05. Of twenty measures one is coloured by chance.",
    both="{count} questions in both",
    only="{count} only in {run}, not compared",
    by_language="By language of question and article",
    whiskers="Whiskers: 95% intervals.",
    lost="No longer right",
    gained="Now right",
    none="None.",
    lower="lower is better",
    tells={measure.name: measure.tells for measure in MEASURES},
)

RANKING_ID = {
    "recall@1": "bagian pendukung jawaban yang berada di urutan pertama",
    "recall@5": "bagian pendukung jawaban yang ada di antara 5 teratas",
    "recall@10": "bagian pendukung jawaban yang ada di antara 10 teratas",
    "mrr": "1 dibagi urutan pendukung jawaban yang pertama",
    "ndcg@10": "perolehan 10 teratas, dibanding urutan terbaik",
    "map": "rata-rata presisi pada setiap pendukung jawaban",
}

ID = Words(
    evaluation="Evaluasi",
    intro="Pertanyaan uji yang diajukan atas artikel-artikel, lalu dinilai. Buka satu uji untuk melihat apa yang"
    " gagal; centang dua uji untuk membandingkannya.",
    empty="Belum ada uji",
    empty_hint="Buat yang pertama, di sini dengan pertanyaan contoh, lalu kembali ke halaman ini:",
    figures={
        "right": "Benar",
        "f1": "F1 kata",
        "recall@5": "Recall@5",
        "abstention_accuracy": "Tepat tak menjawab",
    },
    of_file="{count} pertanyaan dari {file}",
    articles_in="{articles} artikel dalam {passages} kutipan",
    begun="dimulai {date}, {time} UTC",
    unfinished="Belum selesai: {done} dari {count} pertanyaan diajukan. Perintah yang memulainya akan melanjutkan.",
    unscored="Sudah diajukan semua, tetapi belum dinilai. Perintah yang memulainya akan melanjutkan.",
    broken="Tidak dapat dibaca",
    choose="Bandingkan {run}",
    compare="Bandingkan",
    compare_hint="Centang dua uji.",
    choose_two="Centang dua uji untuk membandingkannya; yang dicentang {count}.",
    over_time="Benar, dari uji ke uji",
    over_time_note="{file}, dari yang terlama ke yang terbaru. Garis tipis: interval 95%.",
    no_run="Uji itu tidak ada di sini",
    no_run_hint="Mungkin namanya diganti atau sudah dihapus.",
    unusual="lain dari biasa: {names}",
    whole_report="Laporan lengkap (bahasa Inggris)",
    interval="interval 95% {low}–{high}",
    ended="Hasil pertanyaan",
    outcomes={
        Outcome.FAILED: ("gagal", "terjadi galat saat diajukan; dihitung nol"),
        Outcome.RIGHT: ("benar", "jawaban pendek sesuai dengan jawaban acuan"),
        Outcome.NOT_RETRIEVED: ("tidak ditemukan", "tidak ada kutipan pendukung jawaban di antara yang dibaca"),
        Outcome.WRONGLY_ABSTAINED: (
            "keliru tak menjawab",
            "kutipan pendukung sudah dibaca, tetapi Tanya tidak menemukan apa pun",
        ),
        Outcome.NOT_READ: (
            "ditemukan, tak terbaca",
            "kutipan pendukung sudah dibaca, tetapi jawaban mengutip kalimat lain",
        ),
        Outcome.READ_WRONG: ("salah baca", "kalimat pendukung dikutip, tetapi jawaban pendeknya kata-kata lain"),
        Outcome.RIGHTLY_ABSTAINED: ("tepat tak menjawab", "tidak ada artikel yang menjawab, dan Tanya mengatakannya"),
        Outcome.SHOULD_HAVE_ABSTAINED: (
            "semestinya tak menjawab",
            "tidak ada artikel yang menjawab, tetapi Tanya menjawab",
        ),
    },
    questions="Pertanyaan",
    all="semua",
    failures="yang gagal",
    how_ended="Hasil",
    languages="Bahasa",
    tag="Tanda",
    words="Kata",
    words_hint="dalam pertanyaan atau jawaban",
    show="Tampilkan",
    shown="{first}–{last} dari {count}",
    none_shown="Tidak ada pertanyaan yang cocok.",
    earlier="Sebelumnya",
    later="Berikutnya",
    no_answer="tanpa jawaban",
    error="galat",
    no_question="Pertanyaan itu tidak ada dalam uji ini",
    asked_before="Ditanyakan sebelumnya",
    then="Jawaban waktu itu",
    now="Jawaban sekarang",
    again="Tanyakan lagi",
    again_hint="Bertanya dengan artikel dan pengaturan hari ini, dan menilai jawabannya dengan cara yang sama.",
    same="Jawaban sama",
    changed="Berubah",
    became="dulu {before}, sekarang {after}",
    stayed="tetap {after}",
    gold="Jawaban yang benar",
    unanswerable="Tidak ada artikel yang menjawab: Tanya semestinya mengatakan bahwa ia tidak menemukan apa pun.",
    supports="mendukung jawaban",
    inexact="tidak ada dalam artikel",
    passages="Kutipan yang dibaca",
    probability="peluang",
    seconds="detik",
    refused="Permintaan ini bukan dari halaman Tanya",
    refused_hint="Pertanyaan hanya diajukan lagi dengan tombol di halamannya. Buka halaman itu dan tekan di sana.",
    what_changed="Apa yang diubah",
    nothing_changed="Tidak ada pengaturan, indeks, atau versi yang diketahui berbeda.",
    before="sebelum",
    after="sesudah",
    change="perubahan",
    p="p",
    measures="Ukuran",
    measures_note="p adalah peluang perbedaan sebesar itu atau lebih andai kedua uji setara (uji acak berpasangan);"
    " berwarna di bawah 0,05. Dari dua puluh ukuran, satu berwarna karena kebetulan.",
    both="{count} pertanyaan di keduanya",
    only="{count} hanya dalam {run}, tidak dibandingkan",
    by_language="Menurut bahasa pertanyaan dan artikel",
    whiskers="Garis tipis: interval 95%.",
    lost="Tidak lagi benar",
    gained="Sekarang benar",
    none="Tidak ada.",
    lower="lebih rendah lebih baik",
    tells={
        "right": "dijawab benar, atau tak dijawab karena tidak ada artikel yang menjawab",
        "em": "sama persis, dari pertanyaan yang ada jawabannya",
        "f1": "F1 kata, dari pertanyaan yang ada jawabannya",
        "em_all": "sama persis seperti SQuAD 2.0: tak menjawab itu benar bila tidak ada artikel yang menjawab",
        "f1_all": "F1 kata seperti SQuAD 2.0",
        "answer_quoted": "jawaban acuan ada dalam kalimat yang dikutip",
        **{name: f"{tells}, menurut artikel" for name, tells in RANKING_ID.items()},
        **{BY_PASSAGE + name: f"{tells}, menurut kutipan" for name, tells in RANKING_ID.items()},
        "citation_precision": "bagian sitasi yang mendukung jawaban",
        "citation_recall": "bagian pernyataan yang punya sitasi pendukung jawaban",
        "citation_exactness": "bagian yang ada dalam artikel huruf demi huruf; harus 1",
        "abstention_accuracy": "tak menjawab tepat ketika tidak ada artikel yang menjawab",
        "abstention_recall": "dari yang tidak dijawab artikel mana pun, bagian yang tak dijawab",
        "abstention_precision": "dari yang tak dijawab, bagian yang memang tidak dijawab artikel mana pun",
        "auroc": "peluang pertanyaan yang ada jawabannya mendapat peluang lebih tinggi",
        "aurc": "luas di bawah kurva risiko dan cakupan",
        "ece": "seberapa jauh peluang jawaban yang diberikan meleset",
        "judged": "bagian pertanyaan berjawaban yang dinilai benar oleh model bahasa; benar sebagian dihitung setengah",
        "seconds_p50": "separuh pertanyaan tidak lebih lama dari ini",
        "seconds_p95": "95 dari 100 pertanyaan tidak lebih lama dari ini",
    },
)

WORDS: Mapping[Lang, Words] = {"en": EN, "id": ID}
