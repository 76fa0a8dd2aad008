"""An article as a web page gave it -> the story alone.

Removed: pointers to other stories, players and advertisements, share bars, photo credits, invitations to follow,
and what stands below the last sentence (initials, the newsroom's names, copyright). Kept as facts: the dateline
goes to `extra["place"]` and `extra["agency"]`, the reporter to `author`, the editor to `extra["editor"]`.

A rule takes away whole lines, or a mark that no story contains. It never cuts a sentence, and where it is not sure
it leaves the words: clutter costs a little ranking, a lost sentence costs the answer.

Each rule reads one line, from its start, through a pattern without an unbounded repeat before its end, so the work
grows with the length of the text and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.records import Article


@dataclass(frozen=True, slots=True)
class Rule:
    """What it is called, what it matches, lines that go, and lines much like them that stay."""

    name: str
    pattern: re.Pattern[str]
    goes: tuple[str, ...]
    stays: tuple[str, ...]


def _rule(name: str, pattern: str, goes: tuple[str, ...], stays: tuple[str, ...]) -> Rule:
    return Rule(name, re.compile(pattern, re.VERBOSE | re.IGNORECASE), goes, stays)


PLATFORM = (
    r"(?:facebook|twitter|x|whatsapp|wa|telegram|line|linkedin|instagram|threads|tiktok|youtube|pinterest|e-?mail)"
)

# Marks inside a line, in the exact letters the pages print: each becomes the end of a paragraph.
MARKS = (
    Rule(
        "video player",
        re.compile(r"\[Gambas:[^\[\]\n]{0,120}\]"),
        goes=("[Gambas:Video 20detik]", "[Gambas:Instagram]"),
        stays=("[Gambar: peta lokasi gempa]", "Gambas adalah sayuran: kaya serat"),
    ),
    Rule(
        "scroll on",
        re.compile(r"(?:ADVERTISEMENT )?SCROLL TO (?:CONTINUE WITH|RESUME) CONTENT"),
        goes=("SCROLL TO CONTINUE WITH CONTENT", "ADVERTISEMENT SCROLL TO RESUME CONTENT"),
        stays=("Readers scroll to continue with content they like.",),
    ),
)

# Whole lines, wherever they stand. Written for the line without its Markdown decoration.
LINES = (
    _rule(
        "read also",
        r"""(?:baca(?:\ (?:juga|selengkapnya|berita\ lain(?:nya)?))? | (?:simak|lihat|tonton)\ juga
            | (?:artikel|berita)\ (?:terkait|lain(?:nya)?|pilihan) | pilihan\ (?:editor|redaksi)
            | read\ (?:also|more|next) | also\ read | see\ also | related(?:\ (?:stories|story|articles?|news|topics))?)
            \ ?[*_]{0,3}\ ?:.{0,160}""",
        goes=(
            "Baca juga: Pemerintah Siapkan Bantuan Gempa",
            "BACA JUGA:",
            "**Baca Juga:** [Harga Beras Naik](https://portal.example/beras)",
            "Read also: Floods close the airport",
            "Related: What the new law says",
        ),
        stays=(
            "Presiden meminta warga baca juga buku itu.",
            "Baca juga buku itu, kata Presiden.",
            "Related industries also grew last year.",
        ),
    ),
    _rule(
        "read also, bare",
        r"baca\ juga | read\ also | also\ read | (?:berita|artikel)\ terkait | related\ (?:stories|articles|news)",
        goes=("Baca Juga", "Related stories"),
        stays=("Baca juga naskah ini", "Related stories were told by survivors."),
    ),
    _rule(
        "watch",
        r"""['"‘“]?(?:simak|lihat|tonton|saksikan)(?:\ juga)?\ (?:video|live).{0,180}[^.]
            | (?:watch(?:\ (?:also|now|live|the\ video|video))?|video|live)\ ?:.{0,160}""",
        goes=(
            "Simak Video 'Detik-detik Gunung Meletus':",
            'Tonton juga video "Banjir di Pasar Lama" di sini:',
            "Lihat juga Video: Warga Mengungsi ke Balai Desa",
            "Saksikan Live Siaran Pagi :",
            "Watch: Rescue teams reach the village",
        ),
        stays=(
            "Lihat video itu sampai selesai, kata guru kepada muridnya.",
            "Watch what they do, the minister said.",
            "Simak juga penjelasan ahli gempa berikut ini.",
        ),
    ),
    _rule(
        "advertisement",
        r"""advertisements? | iklan | advertorial | sponsored(?:\ content)? | continue\ reading(?:\ below)?
            | scroll\ to\ (?:continue\ with|resume)\ content
            | (?:article|story)\ continues\ (?:below|after)(?:\ (?:this\ )?(?:ad|advertisement))?
            | lanjutkan\ membaca(?:\ (?:di\ bawah|setelah\ iklan(?:\ ini)?))?""",
        goes=("ADVERTISEMENT", "Iklan", "Article continues after this advertisement", "Lanjutkan membaca di bawah"),
        stays=("Iklan rokok dilarang di televisi.", "Advertisement revenue fell by a tenth."),
    ),
    _rule(
        "share bar",
        rf"""(?:share|bagikan|sebarkan)(?:\ (?:this|the|artikel|berita)(?:\ (?:article|story|ini))?)?
            (?:\ (?:on|via|ke|di))?\ ?:?(?:[ |/·•]{{1,3}}{PLATFORM}){{0,12}}
            | {PLATFORM}(?:[ |/·•]{{1,3}}{PLATFORM}){{1,12}}(?:[ |/·•]{{1,3}}(?:copy\ link|salin\ tautan))?
            | copy\ link | salin\ (?:tautan|link)""",
        goes=(
            "Share",
            "Bagikan:",
            "Bagikan ke Facebook | WhatsApp | Telegram",
            "Facebook Twitter WhatsApp",
            "Copy link",
        ),
        stays=("Bagikan beras kepada warga, kata camat.", "Facebook", "Share prices fell on Monday."),
    ),
    _rule(
        "photo",
        r"""[(\[]?(?:(?:foto|photo|ilustrasi|illustration)(?:\ (?:ilustrasi|credit|file|arsip|utama))?|image\ credit
            |(?:file|ilustrasi)\ (?:photo|foto|image))\ ?:.{0,200}
            | !\[[^\]]{0,300}\]\([^)]{0,500}\)""",
        goes=(
            "Foto: Dok. Basarnas",
            "(Foto: ANTARA/Budi Santoso)",
            "Photo credit: Maria Cruz",
            "![Rumah yang rusak](https://portal.example/rumah.jpg)",
        ),
        stays=("Foto udara itu menunjukkan kapal: tiga buah.", "Photo editors chose the picture."),
    ),
    _rule(
        "follow us",
        rf"""follow\ (?:us|our\ \w{{1,20}})(?:\ \w{{1,20}}){{0,3}}\ on\ .{{0,120}}
            | (?:ikuti|follow)\ (?:(?:akun|saluran|channel|kanal|{PLATFORM})\ .{{0,40}})?(?:\bkami\ di\b|:).{{0,120}}
            | ikuti\ (?:breaking\ news|berita\ (?:terbaru|terkini|pilihan|lainnya)|update\ berita).{{0,240}}
            | (?:cek|simak|dapatkan)\ (?:update\ )?berita\ .{{0,80}}
            \b(?:google\ news|whatsapp|telegram|setiap\ hari)\b.{{0,160}}""",
        goes=(
            "Follow us on Twitter and Facebook",
            "Ikuti kami di Google News: Portal Kita",
            "Dapatkan update berita pilihan setiap hari dari Portal Kita.",
            "Ikuti WhatsApp Channel Portal Kita: portal.example/wa",
        ),
        stays=(
            "Follow the money, the prosecutor said.",
            "Ikuti akun Instagram sekolah di gawai, kata guru.",
            "Ikuti aturan lalu lintas di jalan raya, pesan polisi.",
        ),
    ),
    _rule(
        "newsletter",
        r"""(?:sign\ up|subscribe|register)(?:\ (?:now|here|today))?\ (?:for|to)\ (?:our|the|my|a)\ .{0,60}
            (?:newsletters?|alerts|youtube\ channel|podcast)\b.{0,100}
            | (?:berlangganan|daftar(?:kan\ (?:diri|email)(?:\ anda)?)?)\ .{0,40}\bnewsletter\b.{0,100}""",
        goes=(
            "Sign up for our newsletter to get the news every morning.",
            "Subscribe to our YouTube channel!",
            "Daftar untuk newsletter harian kami",
        ),
        stays=("Sign up for the vaccine opens on Monday.", "Her newsletter has a million readers."),
    ),
    _rule(
        "turn the page",
        r"""(?:(?:simak|baca)\ )?(?:artikel\ )?(?:selengkapnya|selanjutnya)\ (?:di|klik)\ .{0,60}
            | (?:next\ page|halaman\ (?:selanjutnya|berikutnya))[ .:>»]{0,5}
            | klik\ (?:di\ sini|untuk\ melanjutkan)[ .:>»]{0,5}
            | artikel\ ini\ (?:sudah|telah)\ (?:tayang|terbit|dimuat|ditayangkan)\ .{0,160}
            | this\ (?:article|story)\ (?:was\ )?(?:first|originally)\ (?:appeared|published)\ .{0,160}""",
        goes=(
            "Simak selengkapnya di halaman selanjutnya.",
            "Halaman berikutnya",
            "Artikel ini sudah tayang di Portal Kita dengan judul Gempa",
            "This article was originally published on Portal Kita.",
        ),
        stays=("Simak penjelasannya berikut ini.", "Artikel ini membahas gempa di Cianjur."),
    ),
    _rule("ruled line", r"[-_=*~·•]{3,20}", goes=("-------", "***"), stays=("-", "- satu")),
)

# Whole lines at the end of the text only: above it, the same words may be part of the story.
LAST_LINES = (
    _rule(
        "copyright",
        r"""(?:copyright|hak\ cipta)\ ?(?:©|\(c\)|\d{4}|dilindungi).{0,150} | (?:©|\(c\)\ ?\d{4}).{0,150}
            | .{0,100}\ball\ rights\ reserved\.?""",
        goes=(
            "Copyright © 2024 Portal Kita",
            "© 2024 Portal Kita. All rights reserved.",
            "Hak cipta dilindungi undang-undang",
        ),
        stays=("Hak cipta lagu itu milik penciptanya.", "Copyright law protects songs."),
    ),
    _rule(
        "initials",
        r"[(\[](?:[a-z]{2,5}(?:/[a-z]{2,5}){0,3}|\*)[)\]]|\(\*\)",
        goes=("(abc/def)", "[*]", "(rin)"),
        stays=("(tidak ada korban)", "[1]"),
    ),
    _rule(
        "newsroom",
        r"""(?P<role>editor|reporter|penulis|pewarta|kontributor|penyunting|uploader)\ ?:\ ?(?P<name>.{0,80}[^.!?"”])
            | \((?:(?:additional\ )?(?:reporting|writing)|editing)\ (?:and\ (?:writing|editing)\ )?by\ .{1,300}\)""",
        goes=("Editor: Rina Wijaya", "Pewarta : Budi Santoso", "(Reporting by Ana Cruz; Editing by Tom Lee)"),
        stays=("Editor surat kabar itu ditahan.", "(Reporting rules apply)"),
    ),
)

# The same initials behind the last full stop: no capitals, so that "(KPK)" stays.
END_OF_LINE = re.compile(
    r"(?<=[.!?\"”])\ ?(?:\([a-z]{2,5}(?:/[a-z]{2,5}){0,3}\)|\[(?:\*|[a-z]{2,5}(?:/[a-z]{2,5}){0,3})\]|\(\*\)"
    r"|\((?:Additional reporting|Reporting|Writing|Editing)(?: and (?:writing|editing))? by [^()\n]{1,300}\))\Z"
)
END_OF_LINE_CHARS = 340
DECORATION = "*_>#•·- "

# --- datelines --------------------------------------------------------------------------------------------------

HEAD = re.compile(r"[*_]{0,2}(?P<head>\w[^\n–—]{1,70}?)[*_]{0,2}(?: -{1,3}[*_]{0,2} | ?[–—]{1,2} ?)(?=[\"'“‘(\w])")
IN_PARENTHESES = re.compile(r"(?P<outside>[^()]{1,60}?) ?\((?P<inside>[^()]{2,30})\)")
PLACE = re.compile(r"[^\W\d_][\w.'’-]{0,30}(?:[ /][^\W\d_][\w.'’-]{0,30}){0,3}")
DOMAIN = re.compile(r"(?P<name>[a-z0-9-]{2,30})(?:\.[a-z]{2,4}){1,2}", re.IGNORECASE)
DAY = re.compile(
    r"[^\W\d]{3,9}\.? \d{1,2}(?: \d{4})?|\d{1,2} [^\W\d]{3,9}\.?(?: \d{4})?|\d{1,2}/\d{1,2}(?:/\d{2,4})?"
    r"|senin|selasa|rabu|kamis|jumat|sabtu|minggu|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)


def _names(words: str) -> frozenset[str]:
    return frozenset(name.strip() for name in words.casefold().split(","))


AGENCIES = _names(
    "Antara, Antara News, Reuters, AP, Associated Press, AFP, Bloomberg, Xinhua, TASS, Kyodo, Kyodo News, Yonhap, "
    "Bernama, PNA, BBC, BBC News, BBC Indonesia, BBC News Indonesia, CNN, CNN Indonesia, CNBC Indonesia, VOA, VOA "
    "Indonesia, DW, DW Indonesia, VIVA, Kompas, Tempo, detik, detikcom, Okezone, Republika, Liputan6, Tribunnews, "
    "Sindonews, SindoNews, JPNN, Merdeka, Suara, VOI, RRI, TVRI, iNews, Bisnis, Kontan, Katadata, Tirto, "
    "Kumparan, The Jakarta Post, Jakarta Post, The Straits Times, Channel NewsAsia, CNA, Rappler, Irrawaddy, The "
    "Irrawaddy"
)
# Places that open a dateline in ordinary letters, where a name could also begin a sentence: "Jakarta - Gubernur …".
# Two cities, or two countries, around a dash are a route, a match or a quarrel: "Jakarta - Bandung".
CITIES = _names(
    "Jakarta, DKI Jakarta, Bandung, Surabaya, Medan, Semarang, Makassar, Palembang, Yogyakarta, Jogja, Solo, "
    "Surakarta, Denpasar, Bogor, Depok, Tangerang, Bekasi, Malang, Padang, Pekanbaru, Batam, Banjarmasin, "
    "Balikpapan, Bantul, Samarinda, Pontianak, Manado, Mataram, Kupang, Ambon, Jayapura, Banda Aceh, Bengkulu, "
    "Jambi, Serang, Palu, Kendari, Gorontalo, Ternate, Sorong, Manokwari, Merauke, Bandar Lampung, Pangkalpinang, "
    "Tanjungpinang, Palangkaraya, Cirebon, Tasikmalaya, Sukabumi, Cianjur, Garut, Karawang, Purwakarta, Subang, "
    "Indramayu, Cimahi, Magelang, Tegal, Pekalongan, Purwokerto, Banyumas, Cilacap, Klaten, Kudus, Pati, Jepara, "
    "Kediri, Blitar, Madiun, Jember, Banyuwangi, Probolinggo, Pasuruan, Mojokerto, Sidoarjo, Gresik, Lamongan, "
    "Tuban, Bojonegoro, Sleman, Kulon Progo, Gunungkidul, Bima, Ende, Timika, Nabire, Wamena, Nusantara, Tarakan, "
    "Bontang, Dumai, Bukittinggi, Sibolga, Lhokseumawe, Sabang, Bitung, Poso, Kuala Lumpur, Bangkok, Manila, "
    "Hanoi, Ho Chi Minh City, Naypyidaw, Naypyitaw, Yangon, Mandalay, Vientiane, Phnom Penh, Bandar Seri Begawan, "
    "Dili, Penang, Johor Bahru, Chiang Mai, Cebu, Davao, Beijing, Shanghai, Wuhan, Hong Kong, Taipei, Tokyo, "
    "Osaka, Seoul, Pyongyang, New Delhi, Mumbai, Dhaka, Islamabad, Karachi, Kabul, Colombo, Kathmandu, Canberra, "
    "Sydney, Melbourne, Wellington, Moskow, Moscow, Kiev, Kyiv, London, Paris, Berlin, Madrid, Barcelona, Roma, "
    "Rome, Milan, Amsterdam, Den Haag, Brussels, Brussel, Wina, Vienna, Jenewa, Geneva, Athena, Athens, Ankara, "
    "Istanbul, Washington, Washington DC, New York, Los Angeles, Chicago, Ottawa, Toronto, Mexico City, Brasilia, "
    "Rio de Janeiro, Buenos Aires, Santiago, Kairo, Cairo, Riyadh, Riyad, Jeddah, Mekkah, Makkah, Madinah, Doha, "
    "Dubai, Abu Dhabi, Teheran, Tehran, Baghdad, Damaskus, Damascus, Beirut, Yerusalem, Jerusalem, Tel Aviv, "
    "Nairobi, Abuja, Pretoria, Johannesburg, Stockholm, Oslo, Kopenhagen, Copenhagen, Helsinki, Warsawa, Warsaw, "
    "Praha, Prague, Budapest, Moskwa, Lumajang, Chiang Rai, Brebes"
)
REGIONS = _names(
    "Bali, Aceh, Papua, Maluku, Sumatera, Jawa, Kalimantan, Sulawesi, Riau, Banten, Lampung, Flores, Lombok, "
    "Nias, Indonesia, Malaysia, Singapura, Singapore, Thailand, Filipina, Philippines, Vietnam, Myanmar, Laos, "
    "Kamboja, Cambodia, Brunei, Timor Leste, China, Tiongkok, Jepang, Japan, Korea Selatan, Korea Utara, India, "
    "Australia, Rusia, Russia, Ukraina, Ukraine, Amerika Serikat, Iran, Irak, Iraq, Israel, Palestina, Suriah, "
    "Turki, Inggris, Prancis, Jerman, Gaza, Utah, Texas, California, Florida"
)
# Words in capitals before a dash that are no place.
LABELS = _names(
    "Breaking, Breaking News, Update, Updated, Exclusive, Eksklusif, Video, Foto, Photos, Live, Watch, Opini, "
    "Opinion, Analisis, Analysis, Fakta, Catatan, Kronologi, Profil, Infografis, Explainer, Asean, Unicef, "
    "Unesco, Interpol, Polri, Kejagung, Basarnas, Pertamina, Persib, Persija, Persebaya, Arema, Covid, Pemilu, "
    "Pilkada, Pilpres, Timnas"
)
PARTS_OF_A_PLACE = ("selatan", "utara", "timur", "barat", "pusat", "tengah", "tenggara")


def _dateline(line: str, start: int = 0) -> tuple[int, dict[str, str]] | None:
    """Where the story begins behind a dateline at `start`, and what the dateline says; None where there is none.

    >>> _dateline("NAYPYITAW, Myanmar (AP) — The army said")
    (26, {'place': 'Naypyitaw, Myanmar', 'agency': 'AP'})
    >>> _dateline("Jakarta - Bandung kini 40 menit dengan kereta.")
    """
    match = HEAD.match(line, start)
    if match is None or not match["head"][0].isalnum() or match["head"][0].islower():
        return None
    facts = _dateline_facts(match["head"], line[match.end() : match.end() + 80])
    return (match.end(), facts) if facts else None


def _dateline_facts(head: str, following: str) -> dict[str, str]:
    """Place and agency; empty where any part of the head is neither place, agency nor day."""
    bracketed = IN_PARENTHESES.fullmatch(head)
    inside = bracketed["inside"] if bracketed else ""
    parts = [part.strip() for part in (bracketed["outside"] if bracketed else head).split(",")]
    days = [part for part in [*parts, inside] if DAY.fullmatch(part)]
    agencies = [part for part in [*parts, inside] if _is_agency(part) and part not in days]
    places = [part for part in parts if part not in agencies and part not in days]
    if inside and inside not in agencies and inside not in days:
        if not (places and places[0].isupper() and _is_place(places[0])):
            return {}
        agencies.append(inside)
    if len(agencies) > 1 or len(places) > 2 or not all(PLACE.fullmatch(place) for place in places):
        return {}
    if not _is_believable(places, agencies, following):
        return {}
    facts = {"place": ", ".join(place.title() if place.isupper() else place for place in places)}
    facts |= {"agency": "".join(agencies), "dateline": head if days else ""}
    return {name: value for name, value in facts.items() if value}


def _is_believable(places: list[str], agencies: list[str], following: str) -> bool:
    if agencies and places:
        return True
    if following[:1].islower():
        return False
    if agencies:
        return agencies[0] == "VIVA" or " " in agencies[0] or _known_domain(agencies[0])
    if not places or not _is_place(places[0]) or _is_pair(places[-1], following):
        return False
    # A headline in capitals has a dash too: "GEMPA CIANJUR - KORBAN BERTAMBAH".
    return bool(_kind(places[0])) or any(word.islower() or word.istitle() for word in following.split()[:3])


def _is_pair(place: str, following: str) -> bool:
    """Whether another place of the same kind, in the same letters, comes behind the dash."""
    words = [word.strip(".,;:!?()\"'“”") for word in following.split()[:3]]
    if place.isupper() and words and not words[0].isupper():
        return False
    kind = _kind(place) or "city"
    return any(_kind(" ".join(words[:size])) == kind for size in range(1, len(words) + 1))


def _is_agency(name: str) -> bool:
    return name.casefold() in AGENCIES or DOMAIN.fullmatch(name) is not None


def _known_domain(name: str) -> bool:
    domain = DOMAIN.fullmatch(name)
    return domain is not None and (domain["name"].casefold() in AGENCIES or name.casefold().startswith("tribun"))


def _is_place(name: str) -> bool:
    letters = sum(letter.isalpha() for letter in name)
    return bool(_kind(name)) or (name.isupper() and letters >= 5 and name.casefold() not in LABELS)


def _kind(name: str) -> str:
    """'city' or 'region' of a place that is listed, with "Kabupaten" before or "Selatan" behind; else empty."""
    words = name.casefold().split()
    if words and words[0] in ("kota", "kabupaten", "kab."):
        words = words[1:]
    if name.casefold() not in REGIONS and words and words[-1] in PARTS_OF_A_PLACE:
        words = words[:-1]
    place = " ".join(words)
    return "city" if place in CITIES else "region" if place in REGIONS else ""


# --- an article -------------------------------------------------------------------------------------------------

END_OF_PARAGRAPH = re.compile("|".join(rule.pattern.pattern for rule in MARKS))
AUTHORS = ("reporter", "penulis", "pewarta", "kontributor")
HEADLINE_CHARS = 150


@dataclass(frozen=True, slots=True)
class _Line:
    """`apart` is true where a blank line stands before it."""

    text: str
    apart: bool


def clean(article: Article) -> Article:
    r"""The article without clutter and dateline; what those told is in `extra` and `author`.

    Cleaning twice is cleaning once, the text never grows, and an article that is all clutter is left as it is.
    What the source itself said in `extra` or `author` wins over what the text says. Nothing is raised.

    >>> page = "JAKARTA, KOMPAS.com - Gempa terjadi.\nBaca juga: Banjir di Demak\nEditor: Rina W"
    >>> story = clean(Article("gempa", page))
    >>> story.text, dict(story.extra)
    ('Gempa terjadi.', {'place': 'Jakarta', 'agency': 'KOMPAS.com', 'editor': 'Rina W'})
    """
    facts: dict[str, str] = {}
    lines = _without_end(_without_clutter(_lines(article.text), facts), facts)
    if not lines:
        return article
    text = "".join(("\n\n" if line.apart else "\n") + line.text for line in lines).lstrip("\n")
    author = facts.pop("author", "")
    return replace(article, text=text, author=article.author or author, extra={**facts, **article.extra})


def _lines(text: str) -> Iterator[_Line]:
    """The lines that are not blank, with single spaces, parted where a mark stood."""
    apart = False
    for raw in text.split("\n"):
        pieces = [piece.strip() for piece in END_OF_PARAGRAPH.split(" ".join(raw.split()))]
        apart = apart or pieces == [""]
        for piece in filter(None, pieces):
            yield _Line(piece, apart)
            apart = False


def _without_clutter(lines: Iterator[_Line], facts: dict[str, str]) -> list[_Line]:
    kept: list[_Line] = []
    apart = False
    after_pointer = False  # "BACA JUGA:" stood alone, so the headline it points to comes next
    for line in lines:
        apart = apart or line.apart
        if _clutter(line.text, LINES):
            after_pointer = after_pointer or _is_pointer(line.text)
            continue
        if after_pointer and _is_headline(line.text):
            after_pointer = False
            continue
        text = line.text if kept else _without_dateline(line.text, facts)
        if text and not (text != line.text and _clutter(text, LINES)):
            kept.append(_Line(text, apart))
            apart = after_pointer = False
    return kept


def _without_dateline(line: str, facts: dict[str, str]) -> str:
    start = 0
    while found := _dateline(line, start):
        start = found[0]
        for name, value in found[1].items():
            facts.setdefault(name, value)
    return line[start:]


def _without_end(lines: list[_Line], facts: dict[str, str]) -> list[_Line]:
    while lines:
        last = lines[-1]
        if match := _clutter(last.text, LAST_LINES):
            _note_newsroom(match, facts)
            lines.pop()
        elif _clutter(last.text, LINES):
            lines.pop()
        elif end := END_OF_LINE.search(last.text, max(0, len(last.text) - END_OF_LINE_CHARS)):
            lines[-1] = _Line(last.text[: end.start()], last.apart)
        else:
            break
    return lines


def _note_newsroom(match: re.Match[str], facts: dict[str, str]) -> None:
    named = match.groupdict()
    if named.get("role"):
        facts.setdefault("author" if named["role"].lower() in AUTHORS else "editor", named["name"].strip())


def _clutter(line: str, rules: tuple[Rule, ...]) -> re.Match[str] | None:
    plain = line.lstrip(DECORATION).rstrip("*_ ") or line
    return next((match for rule in rules if (match := rule.pattern.fullmatch(plain))), None)


def _is_pointer(line: str) -> bool:
    """Whether a line only announces another story, without naming it."""
    plain = line.strip(DECORATION + ":").casefold()
    return plain in ("baca juga", "baca", "simak juga", "lihat juga", "read also", "also read", "see also", "related")


def _is_headline(line: str) -> bool:
    """Title Case and no full stop. When in doubt it is a sentence of the story."""
    words = line.strip(DECORATION).split()
    long_words = [word.lstrip("\"'“‘(") for word in words if len(word) >= 4]
    capitals = sum(not word[:1].islower() for word in long_words)
    is_short = len(words) >= 3 and len(line) <= HEADLINE_CHARS
    return is_short and line[-1] not in ".:;,…" and capitals >= 0.7 * len(long_words)
