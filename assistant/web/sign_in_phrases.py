"""What the pages about signing in say, in English and Indonesian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.people import Role
from assistant.records import Lang
from assistant.web.phrases import preferred

if TYPE_CHECKING:
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Words:
    """The words in one language. `{…}` are filled by the functions that use them."""

    lang: Lang
    other: Lang
    other_name: str
    sign_in: str
    intro: str
    name: str
    password: str
    or_else: str
    with_provider: str
    wrong: str
    too_often: str
    foreign: str
    provider_failed: str
    signed_out: str
    account: str
    signed_in_as: str
    roles: dict[Role, str]
    sign_out: str
    change: str
    current: str
    new: str
    again: str
    save: str
    changed: str
    not_the_same: str
    too_short: str
    wrong_password: str
    back: str
    stop: str
    stop_hint: str
    outside: str
    outside_hint: str


EN = Words(
    lang="en",
    other="id",
    other_name="Bahasa Indonesia",
    sign_in="Sign in",
    intro="To ask the news, say who you are.",
    name="Name",
    password="Password",  # noqa: S106
    or_else="or",
    with_provider="Sign in with {provider}",
    wrong="Name and password do not belong together. Please try again.",
    too_often="There were too many attempts. Please try again in {minutes} min.",
    foreign="The form did not come from this page. Please try again.",
    provider_failed="{provider} did not sign you in. Please try again, or ask whoever runs this page.",
    signed_out="You have signed out.",
    account="Account",
    signed_in_as="You are signed in as {name}.",
    roles={"ask": "You may ask.", "curate": "You may ask, and change the articles.", "admin": "You may do everything."},
    sign_out="Sign out",
    change="Change the password",
    current="Current password",
    new="New password",
    again="The new one again",
    save="Change it",
    changed="Your password has been changed. Wherever else you were signed in, you are not any more.",
    not_the_same="The new password was not the same both times. Please try again.",
    too_short="A password has {least} to {most} characters. Several words are easy to remember and hard to guess.",
    wrong_password="This is not your current password. Please try again.",  # noqa: S106
    back="Ask the news",
    stop="This is not open to you",
    stop_hint="Your role does not allow it. Whoever runs this page can change that.",
    outside="You are not signed in",
    outside_hint="This page is reached through your organisation’s own sign-in. Please open it there.",
)
ID = Words(
    lang="id",
    other="en",
    other_name="English",
    sign_in="Masuk",
    intro="Untuk bertanya, masuklah terlebih dahulu.",
    name="Nama",
    password="Kata sandi",  # noqa: S106
    or_else="atau",
    with_provider="Masuk dengan {provider}",
    wrong="Nama dan kata sandi tidak cocok. Silakan coba lagi.",
    too_often="Terlalu banyak percobaan. Silakan coba lagi dalam {minutes} menit.",
    foreign="Formulir ini tidak dikirim dari halaman ini. Silakan coba lagi.",
    provider_failed="Anda belum bisa masuk lewat {provider}. Silakan coba lagi, atau hubungi pengelola halaman ini.",
    signed_out="Anda sudah keluar.",
    account="Akun",
    signed_in_as="Anda masuk sebagai {name}.",
    roles={"ask": "Anda boleh bertanya.", "curate": "Anda boleh bertanya dan mengubah artikel.",
           "admin": "Anda boleh melakukan semuanya."},
    sign_out="Keluar",
    change="Ganti kata sandi",
    current="Kata sandi saat ini",
    new="Kata sandi baru",
    again="Ulangi kata sandi baru",
    save="Ganti",
    changed="Kata sandi Anda sudah diganti. Di tempat lain Anda perlu masuk lagi.",
    not_the_same="Kedua kata sandi baru tidak sama. Silakan coba lagi.",
    too_short="Kata sandi terdiri dari {least} sampai {most} karakter. Beberapa kata mudah diingat dan sulit ditebak.",
    wrong_password="Ini bukan kata sandi Anda saat ini. Silakan coba lagi.",  # noqa: S106
    back="Tanya berita",
    stop="Halaman ini tidak terbuka untuk Anda",
    stop_hint="Peran Anda tidak mengizinkannya. Pengelola halaman ini dapat mengubahnya.",
    outside="Anda belum masuk",
    outside_hint="Halaman ini dibuka melalui halaman masuk organisasi Anda. Silakan membukanya dari sana.",
)  # fmt: skip


def words_for(request: Request) -> Words:
    """The words in the language of the address, else of the browser."""
    chosen = request.query_params.get("lang") or preferred(request.headers.get("accept-language", ""))
    return ID if chosen == "id" else EN
