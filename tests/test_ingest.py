from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from assistant.chunk import SentenceSplitter
from assistant.errors import StoreError
from assistant.ingest import IngestReport, ingest, replacing
from assistant.store import Index

FAKE = DeterministicFakeEmbedding(size=8)
SPLITTER = SentenceSplitter(200, 0)


class Counting(DeterministicFakeEmbedding):
    """Counts the texts it was given."""

    texts: int = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += len(texts)
        return super().embed_documents(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for n in range(4):
        (folder / f"{n}.md").write_text(f"---\nid: a{n}\ntitle: Judul {n}\n---\nIni berita nomor {n} dari kota.\n")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "index"


def run(folder: Path, place: Path, prune: bool = False, embeddings: DeterministicFakeEmbedding = FAKE) -> IngestReport:
    with Index(place, embeddings, create=True) as index:
        return ingest([folder], index, SPLITTER, prune)


def ids(place: Path) -> set[str]:
    with Index(place) as index:
        return {article.id for article in index.articles()}


def test_the_second_run_embeds_nothing(folder: Path, place: Path) -> None:
    counting = Counting(size=8)
    first = run(folder, place, embeddings=counting)
    assert (first.added, first.changed, first.unchanged, first.passages, counting.texts) == (4, 0, 0, 4, 4)
    second = run(folder, place, embeddings=counting)
    assert (second.added, second.changed, second.unchanged, second.passages, counting.texts) == (0, 0, 4, 0, 4)


def test_a_changed_article_is_embedded_alone(folder: Path, place: Path) -> None:
    counting = Counting(size=8)
    run(folder, place, embeddings=counting)
    (folder / "2.md").write_text("---\nid: a2\n---\nKata baru sama sekali.\n")
    report = run(folder, place, embeddings=counting)
    assert (report.added, report.changed, report.unchanged, counting.texts) == (0, 1, 3, 4 + 1)


def test_identity_is_the_id_and_not_the_content(folder: Path, place: Path) -> None:
    for n in (7, 8):
        (folder / f"{n}.md").write_text(f"---\nid: twin{n}\n---\nKata yang persis sama.\n")
    report = run(folder, place)
    assert report.added == 6
    assert {"twin7", "twin8"} <= ids(place)


def test_a_moved_file_with_its_id_is_unchanged(folder: Path, place: Path) -> None:
    run(folder, place)
    (folder / "below").mkdir()
    (folder / "1.md").rename(folder / "below" / "renamed.md")
    assert run(folder, place, prune=True).unchanged == 4


def test_a_vanished_article_goes_only_when_asked(folder: Path, place: Path) -> None:
    run(folder, place)
    (folder / "3.md").unlink()
    assert run(folder, place).removed == 0
    assert "a3" in ids(place)
    assert run(folder, place, prune=True).removed == 1
    assert ids(place) == {"a0", "a1", "a2"}


def test_bad_files_are_named_and_cost_no_good_article(folder: Path, place: Path) -> None:
    run(folder, place)
    (folder / "1.md").write_bytes(b"\x00\x01\x02binary")
    (folder / "2.md").write_text("---\nid: [\n---\nteks\n")
    (folder / "9.md").write_text("---\nid: a9\n---\nBerita baru yang baik.\n")
    report = run(folder, place, prune=True)
    assert sorted(error.path.name for error in report.failed) == ["1.md", "2.md"]
    assert report.prune_skipped
    assert ids(place) == {"a0", "a1", "a2", "a3", "a9"}


def test_the_language_is_detected_where_nobody_said(folder: Path, place: Path) -> None:
    (folder / "en.md").write_text("---\nid: en\n---\nThe minister said that the ship had arrived in the harbour.\n")
    run(folder, place)
    with Index(place) as index:
        assert {article.id: article.lang for article in index.articles()}["en"] == "en"
        assert {article.id: article.lang for article in index.articles()}["a0"] == "id"


def test_an_interrupted_ingest_keeps_what_was_stored(
    folder: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.ingest.BATCH_PASSAGES", 1)

    def interrupt(report: IngestReport) -> None:
        if report.added == 2:
            raise KeyboardInterrupt

    with Index(place, FAKE, create=True) as index, pytest.raises(KeyboardInterrupt):
        ingest([folder], index, SPLITTER, progress=interrupt)
    assert len(ids(place)) == 2
    report = run(folder, place)
    assert (report.added, report.unchanged) == (2, 2)


def test_a_rebuild_takes_the_old_index_away_only_at_the_end(folder: Path, place: Path) -> None:
    run(folder, place)
    with pytest.raises(KeyboardInterrupt), replacing(place, anew=True) as fresh:
        run(folder, fresh)
        raise KeyboardInterrupt
    assert len(ids(place)) == 4
    (folder / "0.md").unlink()
    with replacing(place, anew=True) as fresh:
        run(folder, fresh)
    assert ids(place) == {"a1", "a2", "a3"}
    assert sorted(path.name for path in place.parent.iterdir() if path.name.startswith("index")) == ["index"]


def test_a_rebuild_cut_off_between_its_renames_is_put_back(folder: Path, place: Path) -> None:
    run(folder, place)
    place.rename(place.with_name("index.old"))
    assert len(ids(place)) == 4


KILLED = """
import sys
from pathlib import Path
from langchain_core.embeddings import DeterministicFakeEmbedding
import assistant.ingest
from assistant.chunk import SentenceSplitter
from assistant.store import Index
assistant.ingest.BATCH_PASSAGES = 1
with Index(Path(sys.argv[2]), DeterministicFakeEmbedding(size=8), create=True) as index:
    print("begun", flush=True)
    assistant.ingest.ingest([Path(sys.argv[1])], index, SentenceSplitter(200, 0))
"""


def stored(place: Path) -> int:
    try:
        return len(ids(place))
    except StoreError:
        return 0


@pytest.mark.parametrize("at_least", [0, 1, 40, 150])
def test_promise_4_a_killed_ingest_leaves_a_sound_index_that_can_go_on(
    folder: Path, place: Path, at_least: int
) -> None:
    for n in range(4, 200):
        (folder / f"{n}.md").write_text(f"---\nid: a{n}\n---\nIni berita nomor {n} dari kota lain. Dan lagi.\n")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(folder), str(place)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    while stored(place) < at_least and process.poll() is None:
        pass
    process.kill()
    process.wait()
    process.stdout.close()

    with Index(place, FAKE) as index:
        assert index.database.check() == []
        kept = index.article_count
        assert kept >= at_least
        assert index.passage_count == kept
        assert len(index.vectors.search(index.embed_question("kota"), 500)) == kept
    report = run(folder, place)
    assert (report.added, report.unchanged) == (200 - kept, kept)
    assert len(ids(place)) == 200
