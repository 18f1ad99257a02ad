"""Remote folders against a real sshd and a real S3-compatible server, both on loopback."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import asyncssh
import boto3
import fsspec
import pytest
from moto.server import ThreadedMotoServer

from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.engine import read_once
from lossacc_gui.sources.remote import Mirror, RemoteFolder
from tests.remote.conftest import SSHD

HEAD = b"epoch,loss,val_accuracy\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def s3(monkeypatch):
    """A bucket on moto's server; credentials come from the environment as a person's would."""
    port = free_port()
    server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
    server.start()
    address = f"http://127.0.0.1:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address,
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=address)
    client.create_bucket(Bucket="logs")
    yield client
    server.stop()
    fsspec.asyn.reset_lock()


@pytest.fixture
def ssh(tmp_path, monkeypatch):
    """An sshd of our own with its own host key; the client's key and config lie in a new home."""
    home, server = tmp_path / "home", tmp_path / "server"
    (home / ".ssh").mkdir(parents=True)
    server.mkdir()
    for key in (home / ".ssh" / "id_ed25519", server / "host_key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (server / "authorized_keys").write_text((home / ".ssh/id_ed25519.pub").read_text())
    port = free_port()
    (server / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {server}/host_key\n"
        f"AuthorizedKeysFile {server}/authorized_keys\nStrictModes no\nUsePAM no\n"
        f"PidFile {server}/pid\nPasswordAuthentication no\nSubsystem sftp internal-sftp\n"
    )
    host_key = (server / "host_key.pub").read_text().split()[:2]
    (home / ".ssh/known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n")
    monkeypatch.setenv("HOME", str(home))
    if os.geteuid() == 0:  # what sshd separates its privileges in; without root it does not
        Path("/run/sshd").mkdir(exist_ok=True)
    command = [str(SSHD), "-D", "-e", "-f", str(server / "config")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b"listening" in process.stderr.readline()
        yield f"ssh://{getpass.getuser()}@127.0.0.1:{port}"
        process.terminate()


def test_that_an_s3_prefix_is_mirrored_by_its_new_bytes(tmp_path, s3):
    s3.put_object(Bucket="logs", Key="runs/a/log.csv", Body=HEAD + b"0,1.0,0.5\n")
    mirror = Mirror("s3://logs/runs", tmp_path)
    assert mirror.refresh() == ()
    first = mirror.bytes_fetched
    more = HEAD + b"0,1.0,0.5\n" + b"1,0.5,0.6\n" * 2000
    s3.put_object(Bucket="logs", Key="runs/a/log.csv", Body=more)
    assert mirror.refresh() == ()
    assert (tmp_path / "a/log.csv").read_bytes() == more
    assert mirror.bytes_fetched - first <= len(more) - first + 1024


def test_that_a_missing_bucket_is_told(tmp_path, s3):
    (problem,) = Mirror("s3://nowhere/runs", tmp_path).refresh()
    assert "cannot be reached" in problem.message


def test_that_a_folder_over_ssh_is_mirrored_by_its_new_bytes(tmp_path, ssh):
    runs = tmp_path / "theirs" / "a"
    runs.mkdir(parents=True)
    log = runs / "log.csv"
    log.write_bytes(HEAD + b"0,1.0,0.5\n")
    ours = tmp_path / "ours"
    mirror = Mirror(f"{ssh}{runs.parent}", ours)
    assert mirror.refresh() == ()
    assert (ours / "a/log.csv").read_bytes() == log.read_bytes()
    before = mirror.bytes_fetched
    with log.open("ab") as file:
        file.write(b"1,0.5,0.6\n")
    assert mirror.refresh() == ()
    assert (ours / "a/log.csv").read_bytes() == log.read_bytes()
    assert mirror.bytes_fetched - before < 200


def test_that_a_live_folder_over_ssh_reaches_the_engine(tmp_path, ssh):
    runs = tmp_path / "theirs"
    runs.mkdir()
    (runs / "log.csv").write_bytes(HEAD + b"0,1.0,0.5\n")
    folder = RemoteFolder(f"{ssh}{runs}", interval=0.05)
    arrived = threading.Event()
    folder.start(arrived.set)
    try:
        assert arrived.wait(20)
        (run,) = read_once([folder.path], time.monotonic, time.time(), OFFLINE).runs
        assert {series.tag for series in run.data.series} == {"loss", "val_accuracy"}
    finally:
        folder.close()


def test_that_a_wrong_key_is_told_and_not_raised(tmp_path, ssh):
    key = asyncssh.generate_private_key("ssh-ed25519")
    key.write_private_key(str(tmp_path / "home/.ssh/id_ed25519"))
    (tmp_path / "home/.ssh/id_ed25519.pub").unlink()
    (problem,) = Mirror(f"{ssh}/tmp", tmp_path / "ours").refresh()
    assert "Permission denied" in problem.message
