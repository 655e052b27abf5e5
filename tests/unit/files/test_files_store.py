"""The file store: whole files under their hash, claims, sweeps, and nothing outside its folders."""

from __future__ import annotations

import hashlib
import os
import threading
import time

import pytest

from shared.files.sniff import sniff
from shared.files.store import INCOMING, FileStore
from shared.problems import Problem


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "files", min_free=0)


def put(store, content=b"letter", prefix=INCOMING):
    with store.receive(prefix) as writer:
        writer.write(content)
        return writer.finish()


def age(store, prefix, sha256, seconds):
    with store.path_for_reading(prefix, sha256) as path:
        os.utime(path, (time.time() - seconds, time.time() - seconds))


def everything(store):
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_a_file_is_found_under_its_hash(store):
    sha256 = put(store)
    assert sha256 == hashlib.sha256(b"letter").hexdigest()
    assert store.exists(INCOMING, sha256)
    assert store.size(INCOMING, sha256) == 6
    with store.open(INCOMING, sha256) as stream:
        assert stream.read() == b"letter"


def test_nothing_is_seen_or_left_before_it_is_finished(store):
    with store.receive(INCOMING) as writer:
        writer.write(b"half a letter")
        assert not store.exists(INCOMING, hashlib.sha256(b"half a letter").hexdigest())
    assert everything(store) == []


def test_the_limit_holds(store):
    with pytest.raises(Problem) as caught, store.receive(INCOMING, limit=10) as writer:
        writer.write(b"x" * 10)
        writer.write(b"x")
    assert caught.value.status == 413
    assert everything(store) == []


def test_a_full_disk_refuses(tmp_path):
    with pytest.raises(Problem) as caught:
        FileStore(tmp_path, min_free=1 << 62).receive(INCOMING)
    assert caught.value.status == 507


def test_a_claim_is_idempotent_and_survives_the_sweep(store):
    sha256 = put(store)
    store.claim(sha256, INCOMING, "documents")
    store.claim(sha256, INCOMING, "documents")
    age(store, INCOMING, sha256, 100)
    assert store.sweep(INCOMING, 50) == 1
    store.claim(sha256, INCOMING, "documents")
    with store.open("documents", sha256) as stream:
        assert stream.read() == b"letter"


def test_a_claim_copies_where_links_are_impossible(store, monkeypatch):
    def no_links(*_):
        raise OSError(18, "Invalid cross-device link")

    sha256 = put(store)
    monkeypatch.setattr(os, "link", no_links)
    store.claim(sha256, INCOMING, "documents")
    assert store.size("documents", sha256) == 6


def test_what_was_never_received_cannot_be_claimed(store):
    with pytest.raises(Problem) as caught:
        store.claim("0" * 64, INCOMING, "documents")
    assert caught.value.status == 404


def test_the_sweep_takes_the_old_and_the_unfinished(store):
    old, young = put(store, b"old"), put(store, b"young")
    abandoned = store.receive(INCOMING)
    abandoned.write(b"x")
    age(store, INCOMING, old, 100)
    assert store.sweep(INCOMING, 50) == 1
    assert not store.exists(INCOMING, old)
    assert store.exists(INCOMING, young)
    assert store.sweep(INCOMING, -1) == 2
    assert everything(store) == []
    abandoned.discard()


def test_uploading_again_renews_the_age(store):
    sha256 = put(store)
    age(store, INCOMING, sha256, 100)
    put(store)
    assert store.sweep(INCOMING, 50) == 0


def test_the_same_bytes_at_once_with_a_sweeper_are_safe(store):
    content = b"x" * 100_000
    expected = hashlib.sha256(content).hexdigest()
    put(store, content)
    hashes = []

    def upload():
        hashes.extend(put(store, content) for _ in range(20))

    def sweep():
        for _ in range(50):
            store.sweep(INCOMING, 3600)

    threads = [threading.Thread(target=work) for work in (upload, upload, upload, sweep)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hashes == [expected] * 60
    assert [path.name for path in everything(store)] == [expected]


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 63, "0" * 65, "G" * 64, "0" * 64 + "\n", "", "A" * 64])
def test_only_hashes_are_names(store, name):
    with pytest.raises(Problem) as caught:
        store.size(INCOMING, name)
    assert caught.value.status == 404


@pytest.mark.parametrize("prefix", ["..", "a/b", "", "A", ".unfinished"])
def test_only_plain_words_are_prefixes(store, prefix):
    with pytest.raises(ValueError, match="prefix"):
        store.receive(prefix)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04 [Content_Types].xml xl/workbook.xml", sniff(b"PK\x03\x04 xl/")),
        (b"PK\x03\x04 word/document.xml", sniff(b"PK\x03\x04 word/")),
        (b"PK\x03\x04 a.txt", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        ("ก".encode(), "text/plain"),
        ("ก".encode() * 10 + "ก".encode()[:2], "text/plain"),
        ("ประกาศ".encode("tis-620"), "text/plain"),
        (b"MZ\x00\x01", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_bytes_say_what_a_file_is(head, content_type):
    assert sniff(head) == content_type
