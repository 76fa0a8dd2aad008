"""What the pages about the collection say, in English and Indonesian."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.records import Lang


@dataclass(frozen=True, slots=True)
class Words:
    """The pages' words in one language. `{…}` are filled by the functions that use them."""

    corpus: str
    holds: str
    empty: str
    undated: str
    by_source: str
    by_language: str
    no_source: str
    no_language: str
    other_sources: str
    as_table: str
    month: str
    count: str
    source: str
    language: str
    articles: str
    search: str
    search_hint: str
    show: str
    everything: str
    shown: str
    none: str
    earlier: str
    later: str
    remove: str
    remove_hint: str
    tick: str
    remove_question: str
    remove_warning: str
    remove_yes: str
    cancel: str
    removed: str
    nothing_chosen: str
    add: str
    add_hint: str
    files: str
    send: str
    at_work: str
    follow: str
    taking: str
    taken: str
    progress: str
    again_hint: str
    stopped: str
    file: str
    became: str
    added: str
    changed: str
    unchanged: str
    failed: str
    waiting: str
    line: str
    more: str
    no_intake: str
    no_intake_hint: str
    busy: str
    too_much: str
    no_files: str
    refused: str
    refused_hint: str
    not_allowed: str
    not_allowed_hint: str
    broken: str
    back: str
    health: str
    embedder: str
    fingerprint: str
    dimensions: str
    passages_of: str
    schema: str
    generation: str
    database: str
    vectors: str
    no_vectors: str
    in_step: str
    agree: str
    differ: str
    last_change: str
    moment: str
    examine: str
    examine_hint: str
    doctor: str
    good: str
    bad: str
    reasons: Mapping[str, str] = field(repr=False)


WORDS: Mapping[Lang, Words] = {
    "en": Words(
        corpus="The collection",
        holds="{articles} in {passages} passages, dated {first} to {last}.",
        empty="There are no articles yet.",
        undated="{articles} without a date.",
        by_source="By source",
        by_language="By language",
        no_source="no source named",
        no_language="unknown",
        other_sources="{count} other sources",
        as_table="As a table",
        month="Month",
        count="Articles",
        source="Source",
        language="Language",
        articles="Articles",
        search="Words",
        search_hint="in title, source or identifier",
        show="Show",
        everything="Show all",
        shown="{first}–{last} of {count}",
        none="No article fits.",
        earlier="Previous",
        later="Next",
        remove="Remove what is ticked",
        remove_hint="Asks once more before anything is removed.",
        tick="Tick {title}",
        remove_question="Remove these articles?",
        remove_warning="They leave the index for good. Conversations keep the words that they quoted. If the files are"
        " indexed again, the articles come back.",
        remove_yes="Remove",
        cancel="Cancel",
        removed="{articles} removed",
        nothing_chosen="Tick the articles to remove first.",
        add="Add articles",
        add_hint="Markdown, text, web pages or JSON Lines ({types}); up to {files} files and {size} at once, a file"
        " that is one article up to {each}. A changed article takes the place of the old one with the same identifier.",
        files="Files",
        send="Add them",
        at_work="Articles are being added just now; more can follow when that is done.",
        follow="See how far it is",
        taking="Adding articles",
        taken="Articles added",
        progress="{done} of {count} files read, {stored} articles stored so far.",
        again_hint="This page looks again by itself. It may be closed; the work goes on.",
        stopped="It was stopped before the end. What was stored until then stays.",
        file="File",
        became="What became of it",
        added="{count} new",
        changed="{count} changed",
        unchanged="{count} unchanged",
        failed="{count} failed",
        waiting="waiting",
        line="line {line}",
        more="and {count} more",
        no_intake="There is nothing here any more",
        no_intake_hint="Results are remembered until the server stops. What was stored is in the collection.",
        busy="Somebody else is changing the index",
        too_much="That is more than can be taken at once: up to {files} files and {size}. Nothing was added.",
        no_files="Choose files first. Nothing was added.",
        refused="This was not asked from a page of Tanya",
        refused_hint="Open the page of the collection and use the buttons there.",
        not_allowed="You may not change the collection",
        not_allowed_hint="Who may is decided by whoever runs this server.",
        broken="The index cannot be used",
        back="Back to the collection",
        health="Health of the index",
        embedder="Embedding model",
        fingerprint="Its fingerprint in the index",
        dimensions="{count} dimensions",
        passages_of="Passages",
        schema="Schema",
        generation="Generation",
        database="Database",
        vectors="Vectors on disk",
        no_vectors="none yet; they come from the database",
        in_step="Vectors and articles",
        agree="agree: {count} passages, each with its vector",
        differ="{count} passages differ; the next question brings them in step",
        last_change="Last change",
        moment="{date}, {time} UTC",
        examine="Examine everything",
        examine_hint="Reads the whole database and asks the models something, as tanya doctor does. With many articles"
        " this takes a while.",
        doctor="What tanya doctor says",
        good="good",
        bad="not good",
        reasons={
            "name": "The file has no usable name.",
            "type": "Files of this type cannot be read.",
            "web-page": "This is a web page; give it a name that ends in .html.",
            "other-file": "This is no text, whatever its name says.",
            "same-id": "Another file that was sent with it has the same identifier; only the first was taken.",
            "unforeseen": "Something unforeseen went wrong; the server's log has more.",
            "not-stored": "Not stored, because the work was stopped.",
        },
    ),
    "id": Words(
        corpus="Koleksi",
        holds="{articles} dalam {passages} kutipan, bertanggal {first} sampai {last}.",
        empty="Belum ada artikel.",
        undated="{articles} tanpa tanggal.",
        by_source="Per sumber",
        by_language="Per bahasa",
        no_source="tanpa nama sumber",
        no_language="tidak diketahui",
        other_sources="{count} sumber lain",
        as_table="Sebagai tabel",
        month="Bulan",
        count="Artikel",
        source="Sumber",
        language="Bahasa",
        articles="Artikel",
        search="Kata",
        search_hint="dalam judul, sumber, atau pengenal",
        show="Tampilkan",
        everything="Tampilkan semua",
        shown="{first}–{last} dari {count}",
        none="Tidak ada artikel yang cocok.",
        earlier="Sebelumnya",
        later="Berikutnya",
        remove="Hapus yang dicentang",
        remove_hint="Ditanyakan sekali lagi sebelum ada yang dihapus.",
        tick="Centang {title}",
        remove_question="Hapus artikel ini?",
        remove_warning="Artikel ini keluar dari indeks untuk selamanya. Percakapan tetap menyimpan kata-kata yang"
        " dikutipnya. Jika berkasnya diindeks lagi, artikelnya kembali.",
        remove_yes="Hapus",
        cancel="Batal",
        removed="{articles} dihapus",
        nothing_chosen="Centang dulu artikel yang akan dihapus.",
        add="Tambah artikel",
        add_hint="Markdown, teks, halaman web, atau JSON Lines ({types}); sampai {files} berkas dan {size} sekaligus,"
        " satu berkas berisi satu artikel sampai {each}. Artikel yang berubah menggantikan yang lama dengan pengenal"
        " sama.",
        files="Berkas",
        send="Tambahkan",
        at_work="Sedang ada artikel yang ditambahkan; yang lain bisa menyusul setelah itu selesai.",
        follow="Lihat sudah sampai mana",
        taking="Menambahkan artikel",
        taken="Artikel ditambahkan",
        progress="{done} dari {count} berkas dibaca, {stored} artikel tersimpan sejauh ini.",
        again_hint="Halaman ini memperbarui dirinya sendiri. Boleh ditutup; pekerjaannya berlanjut.",
        stopped="Pekerjaan ini berhenti sebelum selesai. Yang sudah tersimpan tetap ada.",
        file="Berkas",
        became="Hasilnya",
        added="{count} baru",
        changed="{count} berubah",
        unchanged="{count} tidak berubah",
        failed="{count} gagal",
        waiting="menunggu",
        line="baris {line}",
        more="dan {count} lagi",
        no_intake="Di sini sudah tidak ada apa-apa",
        no_intake_hint="Hasil diingat sampai server berhenti. Yang sudah tersimpan ada di koleksi.",
        busy="Ada yang sedang mengubah indeks",
        too_much="Itu lebih dari yang bisa diterima sekaligus: sampai {files} berkas dan {size}."
        " Tidak ada yang ditambahkan.",
        no_files="Pilih dulu berkasnya. Tidak ada yang ditambahkan.",
        refused="Permintaan ini tidak datang dari halaman Tanya",
        refused_hint="Buka halaman koleksi dan gunakan tombol-tombol di sana.",
        not_allowed="Anda tidak boleh mengubah koleksi",
        not_allowed_hint="Pengelola server ini yang menentukan siapa yang boleh.",
        broken="Indeks tidak bisa digunakan",
        back="Kembali ke koleksi",
        health="Kesehatan indeks",
        embedder="Model penyematan",
        fingerprint="Sidik jarinya dalam indeks",
        dimensions="{count} dimensi",
        passages_of="Kutipan",
        schema="Skema",
        generation="Generasi",
        database="Basis data",
        vectors="Vektor di diska",
        no_vectors="belum ada; diambil dari basis data",
        in_step="Vektor dan artikel",
        agree="cocok: {count} kutipan, masing-masing dengan vektornya",
        differ="{count} kutipan berbeda; pertanyaan berikutnya menyamakannya",
        last_change="Perubahan terakhir",
        moment="{date}, {time} UTC",
        examine="Periksa semuanya",
        examine_hint="Membaca seluruh basis data dan mencoba model-modelnya, seperti tanya doctor. Dengan banyak"
        " artikel ini perlu waktu.",
        doctor="Kata tanya doctor",
        good="baik",
        bad="tidak baik",
        reasons={
            "name": "Berkas ini tidak punya nama yang bisa dipakai.",
            "type": "Berkas jenis ini tidak bisa dibaca.",
            "web-page": "Ini halaman web; beri nama yang berakhiran .html.",
            "other-file": "Ini bukan teks, apa pun namanya.",
            "same-id": "Berkas lain yang dikirim bersamanya punya pengenal sama; hanya yang pertama diambil.",
            "unforeseen": "Ada hal tak terduga yang salah; selengkapnya ada di catatan server.",
            "not-stored": "Tidak tersimpan, karena pekerjaan berhenti.",
        },
    ),
}
