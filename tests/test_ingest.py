from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from langchain_core.embeddings import DeterministicFakeEmbedding

from assistant.chunk import SentenceSplitter
from assistant.errors import IndexBusyError, IndexMismatchError, StoreError
from assistant.ingest import IngestReport, ingest, rebuild
from assistant.store import Index, rebuilding
from tests.conftest import ROOT

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

    def interrupt(_: IngestReport) -> None:
        assert len(ids(place)) == 4
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild([folder], place, FAKE, SPLITTER, interrupt)
    assert len(ids(place)) == 4
    (folder / "0.md").unlink()
    assert rebuild([folder], place, FAKE, SPLITTER).added == 3
    assert ids(place) == {"a1", "a2", "a3"}
    assert len([path for path in place.iterdir() if path.name.startswith("tanya-")]) == 1


def test_a_rebuild_that_would_lose_an_article_keeps_the_old_index(folder: Path, place: Path) -> None:
    run(folder, place)
    (folder / "1.md").write_bytes(b"\x00\x01")
    with pytest.raises(StoreError, match="was kept, because 1 could not be read"):
        rebuild([folder], place, FAKE, SPLITTER)
    with pytest.raises(StoreError, match="was kept, because 1 could not be read"):
        rebuild([folder / "nothing-here"], place, FAKE, SPLITTER)
    assert len(ids(place)) == 4


def test_a_rebuild_may_change_the_embedder_and_the_passages(folder: Path, place: Path) -> None:
    run(folder, place)
    other = Counting(size=16)
    rebuild([folder], place, other, SentenceSplitter(100, 0))
    with Index(place, other) as index:
        assert len(index.vectors.search(index.embed_question("kota"), 9)) == index.passage_count
    with pytest.raises(IndexMismatchError):
        Index(place, FAKE)


def test_an_open_reader_follows_a_rebuild(folder: Path, place: Path) -> None:
    run(folder, place)
    with Index(place, FAKE) as reader:
        reader.vectors.search(reader.embed_question("kota"), 9)
        (folder / "0.md").write_text("---\nid: new\n---\nKata yang baru.\n")
        rebuild([folder], place, FAKE, SPLITTER)
        found = reader.vectors.search(reader.embed_question("Kata yang baru."), 1)
        assert reader.passages([found[0][0]])[found[0][0]].text == "Kata yang baru."
        assert found[0][1] == pytest.approx(1.0, abs=1e-3)


def test_nobody_else_writes_while_an_index_is_rebuilt(folder: Path, place: Path) -> None:
    run(folder, place)
    with rebuilding(place, FAKE), pytest.raises(IndexBusyError):
        run(folder, place)


KILLED = Path(__file__).with_name("killed_ingest.py")


@pytest.mark.parametrize("work", ["first", "changed", "prune", "rebuild"])
def test_promise_4_killed_at_any_statement_it_serves_the_last_state_and_can_go_on(tmp_path: Path, work: str) -> None:
    """`killed_ingest.py` kills an ingest at its 1st, 2nd, 3rd … SQL statement and looks at what is left each time."""
    outcome = subprocess.run(
        [sys.executable, KILLED, work, tmp_path], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    assert int(outcome.stdout) >= 20, "too few kills to mean anything"
