"""What the page says of itself, in English and Indonesian: labels, dates, numbers.

Knows nothing of HTML. What an answer says is written by the chain, not here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assistant.language import long_date
from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Phrases:
    """The page's own words in one language. `{…}` are filled by the functions that use them."""

    lang: Lang
    languages: dict[str, str]
    asked: str
    empty_question: str
    searching: str
    reading: str
    searched: str
    confidence: tuple[tuple[float, str], ...]
    sources: str
    source: str
    read_article: str
    original: str
    new_tab: str
    also_read: str
    not_quoted: str
    by: str
    back: str
    failed: str
    missing_article: str
    missing_article_hint: str
    missing_page: str
    broken: str
    gone: str
    copy: str
    copied: str
    share: str
    link_copied: str
    link_made: str
    share_note: str
    shared: str
    missing_share: str
    missing_share_hint: str
    again: str
    edit: str
    replaces: str
    download: str
    ask_next: str
    stopped: str
    why_passage: str
    by_meaning: str
    not_by_meaning: str
    by_words: str
    not_by_words: str
    by_both: str
    by_reader: str
    opinion: str
    good: str
    bad: str
    why: str
    reasons: dict[str, str]
    own_words: str
    send: str
    change: str
    thanks: str
    conversations: str
    new_conversation: str
    search_conversations: str
    no_conversations: str
    none_found: str
    kept_note: str
    kept_for_you: str
    signed_in_as: str
    no_cookie: str
    title: str
    rename: str
    save: str
    delete: str
    delete_question: str
    delete_hint: str
    deleted: str
    forget: str
    forget_hint: str
    forget_hint_for_you: str
    cancel: str
    close: str
    not_done: str
    your_question: str
    ask_the_news: str
    ask: str
    stop: str
    all_articles: str
    one_article: str
    many_articles: str
    since: str
    until: str
    from_day: str
    up_to_day: str
    by_month: str
    all_years: str
    filter_names: dict[str, str]
    any_of: dict[str, str]
    apply_filters: str
    clear_filters: str
    back_to_conversation: str
    places: str
    place: str
    place_before: str
    place_after: str
    widget_ask: str
    widget_send: str
    widget_greeting: str
    widget_not_here: str
    widget_not_signed_in: str
    widget_enough: str
    widget_enough_today: str

    def date(self, date: dt.date) -> str:
        """The date written out."""
        return long_date(date, self.lang)

    def month(self, date: dt.date) -> str:
        """The month and year of a date.

        >>> ID.month(dt.date(2022, 7, 13))
        'Juli 2022'
        """
        from babel.dates import format_date

        return format_date(date, "MMMM y", locale=self.lang)

    def articles(self, count: int) -> str:
        """So many articles.

        >>> EN.articles(1), EN.articles(1234)
        ('1 article', '1,234 articles')
        """
        return (self.one_article if count == 1 else self.many_articles).format(count=self.number(count))

    def number(self, value: int) -> str:
        """The number with its thousands set apart.

        >>> EN.number(12345), ID.number(12345)
        ('12,345', '12.345')
        """
        from babel.numbers import format_decimal

        return format_decimal(value, locale=self.lang)

    def seconds(self, value: float) -> str:
        """The time to a tenth of a second, and never 0.0.

        >>> EN.seconds(0.234), ID.seconds(0.234), EN.seconds(0.004)
        ('0.2', '0,2', '0.1')
        """
        return f"{max(value, 0.1):.1f}".replace(".", self.decimal)

    @property
    def decimal(self) -> str:
        """What stands before the tenths."""
        from babel.numbers import get_decimal_symbol

        return get_decimal_symbol(self.lang)

    def certainty(self, probability: float) -> str:
        """The probability in words.

        >>> EN.certainty(0.93), EN.certainty(0.6)
        ('Very likely right', 'Possibly right')
        """
        return next(words for least, words in self.confidence if probability >= least)

    def language(self, code: str) -> str:
        """The name of a language; a code we have no name for is shown as it is."""
        return self.languages.get(code, code)


EN = Phrases(
    lang="en",
    languages={"en": "English", "id": "Indonesian"},
    asked="You asked",
    empty_question="(no question)",
    searching="Searching {articles}",
    reading="Reading {count} passages",
    searched="Searched {articles} in {seconds} seconds",
    confidence=(
        (0.9, "Very likely right"),
        (0.75, "Likely right"),
        (0.5, "Possibly right"),
        (0.0, "Uncertain"),
    ),
    sources="Sources",
    source="Source {number}",
    read_article="Read it in the article",
    original="Original at {host}",
    new_tab="opens in a new tab",
    also_read="Other passages that were read",
    not_quoted="Looked at, without an answer",
    by="By {author}",
    back="Ask the news",
    failed="Something went wrong here, and the question was not answered. Please ask again.",
    missing_article="This article is not here",
    missing_article_hint="It may have been removed from the collection since it was cited.",
    missing_page="There is nothing at this address",
    broken="Something went wrong here. Please try again.",
    gone="This article has been changed or removed since. These are the words that were quoted.",
    copy="Copy the answer with its sources",
    copied="Copied.",
    share="Share a link to this answer",
    link_copied="Link copied.",
    link_made="Here is the link.",
    share_note="Whoever may open this server can read this question and its answer there, and nothing else "
    "that you asked. The link ends when you delete the conversation.",
    shared="Somebody shared this answer",
    missing_share="This answer is not shared any more",
    missing_share_hint="Its conversation was deleted, or the link was cut off on its way.",
    again="Ask again",
    edit="Change the question",
    replaces="The new answer will take the place of the last one.",
    download="Download the conversation",
    ask_next="You could go on with",
    stopped="You stopped this answer.",
    why_passage="Why this passage",
    by_meaning="By its meaning it is number {rank} of all passages.",
    not_by_meaning="By its meaning it is not among the nearest passages.",
    by_words="By the words it shares with the question it is number {rank}.",
    not_by_words="It was not found by the words of the question.",
    by_both="Both together make it number {rank} of the {count} passages that were read.",
    by_reader="The words marked {number} answer the question with a probability of {percent}%, as the reader judges.",
    opinion="What do you think of this answer?",
    good="Good answer",
    bad="Bad answer",
    why="What is wrong with it?",
    reasons={
        "wrong-answer": "The answer is wrong",
        "wrong-source": "The source is wrong",
        "should-have-answered": "The articles do answer this",
        "should-have-declined": "The articles do not answer this",
        "hard-to-read": "It is hard to read",
        "other": "Something else",
    },
    own_words="In your own words, if you like",
    send="Send",
    change="Change",
    thanks="Thank you. This helps.",
    conversations="Conversations",
    new_conversation="New conversation",
    search_conversations="Search conversations",
    no_conversations="Nothing here yet. What you ask will be kept here.",
    none_found="No conversation has these words.",
    kept_note="Kept on this server, and shown in this browser only.",
    kept_for_you="Kept on this server, and shown to you only.",
    signed_in_as="Signed in as {name}",
    no_cookie="Your browser takes no cookie from this page, so conversations are not kept.",
    title="Title",
    rename="Rename",
    save="Save",
    delete="Delete",
    delete_question="Delete this conversation?",
    delete_hint="“{title}” is deleted for good, with its answers and what you said of them.",
    deleted="Deleted.",
    forget="Delete my data",
    forget_hint="All conversations of this browser, and what you said of the answers, are deleted for good.",
    forget_hint_for_you="All your conversations, and what you said of the answers, are deleted for good.",
    cancel="Cancel",
    close="Close",
    not_done="That did not work. Please try again.",
    your_question="Your question",
    ask_the_news="Ask the news",
    ask="Ask",
    stop="Stop",
    all_articles="From all articles",
    one_article="{count} article",
    many_articles="{count} articles",
    since="From",
    until="To",
    from_day="From {date}",
    up_to_day="Up to {date}",
    by_month="Articles by month",
    all_years="All years",
    filter_names={"lang": "Language", "source": "Source"},
    any_of={"lang": "Any language", "source": "Any source"},
    apply_filters="Show these",
    clear_filters="Clear filters",
    back_to_conversation="Back to the conversation",
    places="Quoted words",
    place="{number} of {count}",
    place_before="The quoted words before these",
    place_after="The next quoted words",
    widget_ask="Ask the news",
    widget_send="Ask",
    widget_greeting="Ask the news. The answer comes with the words that say so.",
    widget_not_here="The chat is not available on this page.",
    widget_not_signed_in="You are not signed in. Please load this page again.",
    widget_enough="You have asked many questions. Please go on in a minute.",
    widget_enough_today="You have asked many questions today. Please go on tomorrow.",
)

ID = Phrases(
    lang="id",
    languages={"en": "Inggris", "id": "Indonesia"},
    asked="Anda bertanya",
    empty_question="(tanpa pertanyaan)",
    searching="Mencari di {articles}",
    reading="Membaca {count} kutipan",
    searched="Mencari di {articles} dalam {seconds} detik",
    confidence=(
        (0.9, "Hampir pasti benar"),
        (0.75, "Kemungkinan besar benar"),
        (0.5, "Mungkin benar"),
        (0.0, "Belum pasti"),
    ),
    sources="Sumber",
    source="Sumber {number}",
    read_article="Baca di artikelnya",
    original="Naskah asli di {host}",
    new_tab="membuka tab baru",
    also_read="Bagian lain yang dibaca",
    not_quoted="Sudah dibaca, tanpa jawaban",
    by="Oleh {author}",
    back="Tanya berita",
    failed="Ada yang salah di sini, dan pertanyaan ini belum terjawab. Silakan tanyakan lagi.",
    missing_article="Artikel ini tidak ada di sini",
    missing_article_hint="Mungkin artikel ini sudah dihapus dari koleksi sejak dikutip.",
    missing_page="Tidak ada apa-apa di alamat ini",
    broken="Ada yang salah di sini. Silakan coba lagi.",
    gone="Artikel ini sudah diubah atau dihapus. Inilah kata-kata yang waktu itu dikutip.",
    copy="Salin jawaban beserta sumbernya",
    copied="Tersalin.",
    share="Bagikan tautan ke jawaban ini",
    link_copied="Tautan tersalin.",
    link_made="Inilah tautannya.",
    share_note="Siapa pun yang dapat membuka server ini bisa membaca pertanyaan ini dan jawabannya di sana, tetapi "
    "tidak pertanyaan Anda yang lain. Tautan ini berakhir bila percakapannya Anda hapus.",
    shared="Seseorang membagikan jawaban ini",
    missing_share="Jawaban ini tidak dibagikan lagi",
    missing_share_hint="Percakapannya sudah dihapus, atau tautannya terpotong di jalan.",
    again="Tanyakan lagi",
    edit="Ubah pertanyaan",
    replaces="Jawaban baru akan menggantikan yang terakhir.",
    download="Unduh percakapan",
    ask_next="Anda bisa melanjutkan dengan",
    stopped="Anda menghentikan jawaban ini.",
    why_passage="Mengapa kutipan ini",
    by_meaning="Menurut maknanya, ini nomor {rank} dari semua kutipan.",
    not_by_meaning="Menurut maknanya, ini tidak termasuk kutipan yang terdekat.",
    by_words="Menurut kata-kata yang sama dengan pertanyaan, ini nomor {rank}.",
    not_by_words="Ini tidak ditemukan lewat kata-kata pertanyaan.",
    by_both="Keduanya bersama menempatkannya di urutan {rank} dari {count} kutipan yang dibaca.",
    by_reader="Kata-kata bertanda {number} menjawab pertanyaan dengan peluang {percent}%, menurut model pembaca.",
    opinion="Bagaimana jawaban ini menurut Anda?",
    good="Jawaban baik",
    bad="Jawaban buruk",
    why="Apa yang salah?",
    reasons={
        "wrong-answer": "Jawabannya salah",
        "wrong-source": "Sumbernya salah",
        "should-have-answered": "Jawabannya ada di artikel",
        "should-have-declined": "Jawabannya tidak ada di artikel",
        "hard-to-read": "Sulit dibaca",
        "other": "Hal lain",
    },
    own_words="Dengan kata-kata Anda sendiri, kalau mau",
    send="Kirim",
    change="Ubah",
    thanks="Terima kasih. Ini membantu.",
    conversations="Percakapan",
    new_conversation="Percakapan baru",
    search_conversations="Cari percakapan",
    no_conversations="Belum ada apa-apa. Pertanyaan Anda akan disimpan di sini.",
    none_found="Tidak ada percakapan dengan kata-kata ini.",
    kept_note="Disimpan di server ini, dan hanya terlihat di peramban ini.",
    kept_for_you="Disimpan di server ini, dan hanya terlihat oleh Anda.",
    signed_in_as="Masuk sebagai {name}",
    no_cookie="Peramban Anda tidak menerima kuki dari halaman ini, jadi percakapan tidak disimpan.",
    title="Judul",
    rename="Ganti judul",
    save="Simpan",
    delete="Hapus",
    delete_question="Hapus percakapan ini?",
    delete_hint="“{title}” dihapus untuk selamanya, beserta jawaban dan pendapat Anda tentangnya.",
    deleted="Sudah dihapus.",
    forget="Hapus data saya",
    forget_hint="Semua percakapan dari peramban ini dan pendapat Anda tentang jawabannya dihapus untuk selamanya.",
    forget_hint_for_you="Semua percakapan Anda dan pendapat Anda tentang jawabannya dihapus untuk selamanya.",
    cancel="Batal",
    close="Tutup",
    not_done="Tidak berhasil. Silakan coba lagi.",
    your_question="Pertanyaan Anda",
    ask_the_news="Tanya berita",
    ask="Tanya",
    stop="Henti",
    all_articles="Dari semua artikel",
    one_article="{count} artikel",
    many_articles="{count} artikel",
    since="Dari",
    until="Sampai",
    from_day="Sejak {date}",
    up_to_day="Sampai {date}",
    by_month="Artikel per bulan",
    all_years="Semua tahun",
    filter_names={"lang": "Bahasa", "source": "Sumber"},
    any_of={"lang": "Semua bahasa", "source": "Semua sumber"},
    apply_filters="Tampilkan",
    clear_filters="Hapus saringan",
    back_to_conversation="Kembali ke percakapan",
    places="Kata-kata yang dikutip",
    place="{number} dari {count}",
    place_before="Kutipan sebelumnya",
    place_after="Kutipan berikutnya",
    widget_ask="Tanya berita",
    widget_send="Tanya",
    widget_greeting="Tanya berita. Jawabannya datang bersama kata-kata yang menyebutkannya.",
    widget_not_here="Obrolan ini tidak tersedia di halaman ini.",
    widget_not_signed_in="Anda belum masuk. Silakan muat ulang halaman ini.",
    widget_enough="Anda sudah banyak bertanya. Silakan lanjutkan satu menit lagi.",
    widget_enough_today="Anda sudah banyak bertanya hari ini. Silakan lanjutkan besok.",
)


def phrases_for(lang: str) -> Phrases:
    """The words in this language; English for a language that the page does not speak."""
    return ID if lang == "id" else EN


def preferred(accepted: str) -> Lang:
    """The language to speak to a browser that sends this `Accept-Language`: the first that we speak, else English.

    >>> preferred("jv, id-ID;q=0.9, en;q=0.5"), preferred("fr")
    ('id', 'en')
    """
    wanted = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            weight = 0.0
        wanted.append((-weight, place, tag.strip().lower()[:2]))
    spoken: dict[str, Lang] = {"en": "en", "id": "id"}
    return next((spoken[tag] for _, _, tag in sorted(wanted) if tag in spoken), "en")
