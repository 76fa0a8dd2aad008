"""What the pages about the articles say, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; `{…}` are filled by the functions that use them."""

    articles: str
    in_all: str
    passages: str
    by_source: str
    by_language: str
    unknown: str
    search: str
    show: str
    none_found: str
    page: str
    before: str
    after: str
    add: str
    add_hint: str
    files: str
    upload: str
    not_allowed: str
    too_much: str
    no_files: str
    refused: str
    busy: str
    at_work: str
    done: str
    outcomes: Mapping[str, str]
    remove: str
    remove_question: str
    remove_hint: str
    removed: str
    cancel: str
    health: str
    facts: Mapping[str, str]
    sound: str
    behind: str
    up_to_date: str
    check: str
    back: str


WORDS: Mapping[Lang, Words] = {
    "en": Words(
        articles="Articles",
        in_all="{articles}, cut into {passages}",
        passages="{count} passages",
        by_source="By source",
        by_language="By language",
        unknown="not known",
        search="Words in the title",
        show="Show",
        none_found="No article is like this.",
        page="Page {number} of {count}",
        before="Newer",
        after="Older",
        add="Add articles",
        add_hint="Up to {count} files of {formats}, {megabytes} MB together. A file with the name of an earlier one"
        " replaces it.",
        files="Files",
        upload="Upload",
        not_allowed="You may read the articles here, not change them.",
        too_much="That is more than {megabytes} MB or {count} files. Send fewer at a time.",
        no_files="No file was chosen.",
        refused="This did not come from a page of Tanya, so nothing was changed. Go back and try again.",
        busy="Somebody else is adding articles just now. Wait until they are done, then try again.",
        at_work="Reading {count} files. You may leave this page: what was sent will be read.",
        done="Done: {added} new, {changed} changed, {unchanged} as they were, {failed} that could not be read.",
        outcomes={
            "added": "new",
            "changed": "changed",
            "unchanged": "as it was",
            "failed": "could not be read",
        },
        remove="Remove",
        remove_question="Remove this article?",
        remove_hint="It will not be found any more. Conversations that quote it keep the quoted words.",
        removed="The article was removed.",
        cancel="Keep it",
        health="The index",
        facts={
            "embedder": "Embedder",
            "chunker": "Passages",
            "generation": "Changes so far",
            "database": "Database",
            "vectors": "Vectors on disk",
            "cache": "Vectors in memory",
        },
        sound="The database is sound.",
        behind="{count} still to be taken from the database",
        up_to_date="up to date",
        check="Check the database now",
        back="All articles",
    ),
    "id": Words(
        articles="Artikel",
        in_all="{articles}, dipotong menjadi {passages}",
        passages="{count} potongan",
        by_source="Menurut sumber",
        by_language="Menurut bahasa",
        unknown="tidak diketahui",
        search="Kata dalam judul",
        show="Tampilkan",
        none_found="Tidak ada artikel seperti ini.",
        page="Halaman {number} dari {count}",
        before="Lebih baru",
        after="Lebih lama",
        add="Tambah artikel",
        add_hint="Paling banyak {count} berkas {formats}, seluruhnya {megabytes} MB. Berkas yang namanya sama dengan"
        " yang lama menggantikannya.",
        files="Berkas",
        upload="Unggah",
        not_allowed="Anda boleh membaca artikel di sini, tetapi tidak boleh mengubahnya.",
        too_much="Ini lebih dari {megabytes} MB atau {count} berkas. Kirim lebih sedikit sekali jalan.",
        no_files="Tidak ada berkas yang dipilih.",
        refused="Ini tidak datang dari halaman Tanya, jadi tidak ada yang diubah. Kembali dan coba lagi.",
        busy="Orang lain sedang menambah artikel. Tunggu sampai selesai, lalu coba lagi.",
        at_work="Membaca {count} berkas. Halaman ini boleh ditinggalkan: yang sudah dikirim tetap dibaca.",
        done="Selesai: {added} baru, {changed} berubah, {unchanged} tetap, {failed} tidak terbaca.",
        outcomes={
            "added": "baru",
            "changed": "berubah",
            "unchanged": "tetap",
            "failed": "tidak terbaca",
        },
        remove="Hapus",
        remove_question="Hapus artikel ini?",
        remove_hint="Artikel ini tidak akan ditemukan lagi. Percakapan yang mengutipnya tetap menyimpan kata-katanya.",
        removed="Artikel sudah dihapus.",
        cancel="Jangan hapus",
        health="Indeks",
        facts={
            "embedder": "Model",
            "chunker": "Potongan",
            "generation": "Perubahan sejauh ini",
            "database": "Basis data",
            "vectors": "Vektor di cakram",
            "cache": "Vektor di memori",
        },
        sound="Basis data utuh.",
        behind="{count} masih harus diambil dari basis data",
        up_to_date="mutakhir",
        check="Periksa basis data sekarang",
        back="Semua artikel",
    ),
}
