"""The file store: whole files under their hash, claims, sweeps, and nothing outside its folders."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
import threading
import time

import pytest

from shared.files.memory import memory_path
from shared.files.sealing import HEADER_BYTES, PIECE_BYTES
from shared.files.sniff import sniff
from shared.files.store import INCOMING, FileStore
from shared.problems import Problem
from shared.security import keyring
from shared.security.keyring import KeyMissing
from shared.security.vault import Tampered, Vaults

NOW = dt.datetime(2026, 6, 10, tzinfo=dt.UTC)


@pytest.fixture
def vaults(tmp_path):
    for owner in (INCOMING, "documents"):
        keyring.write(tmp_path / "vault" / owner, keyring.new_ring(NOW))
    return Vaults(tmp_path / "vault")


@pytest.fixture
def store(tmp_path, vaults):
    return FileStore(tmp_path / "files", vaults, min_free=0)


def put(store, content=b"letter", prefix=INCOMING):
    with store.receive(prefix) as writer:
        writer.write(content)
        return writer.finish()


def content(store, prefix, sha256):
    with store.path_for_reading(prefix, sha256) as path:
        return path.read_bytes()


def stored(store, prefix, sha256):
    return store.root / prefix / sha256[:2] / sha256


def age(store, prefix, sha256, seconds):
    os.utime(stored(store, prefix, sha256), (time.time() - seconds, time.time() - seconds))


def everything(store):
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_what_another_process_wrote_in_memory_is_kept_sealed(store):
    with memory_path() as path:
        subprocess.run([sys.executable, "-c", f"open({str(path)!r}, 'wb').write(b'letter')"], check=True)
        sha256, size = store.keep(INCOMING, path)
    assert (sha256, size) == (hashlib.sha256(b"letter").hexdigest(), 6)
    assert content(store, INCOMING, sha256) == b"letter"
    assert b"letter" not in stored(store, INCOMING, sha256).read_bytes()
    assert not path.exists()


def test_a_file_is_found_under_its_hash(store):
    sha256 = put(store)
    assert sha256 == hashlib.sha256(b"letter").hexdigest()
    assert store.exists(INCOMING, sha256)
    assert store.size(INCOMING, sha256) == 6
    assert content(store, INCOMING, sha256) == b"letter"


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
        FileStore(tmp_path, Vaults(tmp_path), min_free=1 << 62).receive(INCOMING)
    assert caught.value.status == 507


def test_a_claim_is_idempotent_and_survives_the_sweep(store):
    sha256 = put(store)
    store.claim(sha256, INCOMING, "documents")
    store.claim(sha256, INCOMING, "documents")
    age(store, INCOMING, sha256, 100)
    assert store.sweep(INCOMING, 50) == 1
    store.claim(sha256, INCOMING, "documents")
    assert content(store, "documents", sha256) == b"letter"


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


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 200_001])
def test_a_file_of_any_size_is_sealed_and_opens_again(store, size):
    plain = os.urandom(size)
    sha256 = put(store, plain)
    assert store.size(INCOMING, sha256) == size
    assert content(store, INCOMING, sha256) == plain
    raw = stored(store, INCOMING, sha256).read_bytes()
    assert size < 100 or plain[:50] not in raw


def test_a_changed_or_cut_file_does_not_open(store):
    sha256 = put(store, os.urandom(2 * PIECE_BYTES + 5))
    path = stored(store, INCOMING, sha256)
    raw = path.read_bytes()
    swapped = raw[:HEADER_BYTES] + raw[HEADER_BYTES + PIECE_BYTES + 16 :]
    for changed in (raw[:-1], raw[: HEADER_BYTES + PIECE_BYTES + 16], raw[:200] + b"x" + raw[201:], swapped):
        path.write_bytes(changed)
        with pytest.raises(Tampered), store.path_for_reading(INCOMING, sha256):
            pass


def test_a_file_put_in_anothers_place_does_not_open(store):
    first, second = put(store, b"letter one"), put(store, b"letter two")
    stored(store, INCOMING, first).write_bytes(stored(store, INCOMING, second).read_bytes())
    with pytest.raises(Tampered), store.path_for_reading(INCOMING, first):
        pass


def test_a_file_opens_for_its_owner_and_by_its_own_key_only(store, tmp_path, vaults):
    sha256 = put(store)
    store.claim(sha256, INCOMING, "documents")
    key = store.file_key("documents", sha256)
    keyless = FileStore(store.root, Vaults(tmp_path / "nothing"), min_free=0)
    with pytest.raises(KeyMissing), keyless.path_for_reading("documents", sha256):
        pass
    with keyless.path_by_key("documents", sha256, key) as path:
        assert path.read_bytes() == b"letter"
    with pytest.raises(Tampered), keyless.path_by_key("documents", sha256, bytes(32)):
        pass


def test_the_plain_bytes_are_never_on_the_disk(store):
    sha256 = put(store, b"a name in a letter")
    with store.path_for_reading(INCOMING, sha256) as path:
        assert path.read_bytes() == b"a name in a letter"
        assert [file.read_bytes().find(b"a name") for file in everything(store)] == [-1]


def test_where_memory_has_no_files_a_temporary_one_serves(store, monkeypatch):
    sha256 = put(store)
    monkeypatch.delattr(os, "memfd_create")
    with store.path_for_reading(INCOMING, sha256) as path:
        assert path.read_bytes() == b"letter"
    assert not path.exists()


def test_after_a_rotation_files_are_resealed_without_touching_their_bytes(store, vaults):
    old, new = vaults.of("documents"), None
    sha256 = put(store, b"letter", "documents")
    keyring.write(old._folder, keyring.read(old._folder).rotated(NOW))
    fresh = FileStore(store.root, Vaults(old._folder.parent), min_free=0)
    new = put(fresh, b"another", "documents")
    assert sorted(fresh.reseal("documents")) == [False, True]
    assert list(fresh.reseal("documents")) == [False, False]
    keyring.write(old._folder, keyring.read(old._folder).pruned())
    pruned = FileStore(store.root, Vaults(old._folder.parent), min_free=0)
    assert (content(pruned, "documents", sha256), content(pruned, "documents", new)) == (b"letter", b"another")


def test_a_file_from_before_is_sealed_when_it_is_met(store):
    sha256 = hashlib.sha256(b"old letter").hexdigest()
    path = stored(store, "documents", sha256)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old letter")
    assert content(store, "documents", sha256) == b"old letter"
    assert b"old letter" not in path.read_bytes()


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
