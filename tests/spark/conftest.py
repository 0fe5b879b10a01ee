"""A real standalone Spark: a master and two workers, each a process of its own, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

START_SECONDS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs Spark and Java; a skipped test fails the run and says why."""
    here = Path(__file__).parent
    lacking = _lacking()
    for item in items:
        if lacking and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=lacking))


def _lacking() -> str | None:
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed: pip install -e '.[spark]'"
    return (
        None
        if shutil.which("java")
        else "there is no Java: apt-get install openjdk-17-jre-headless"
    )


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@dataclass
class Cluster:
    """The processes of a cluster. ``folder`` has its settings, logs and the workers' folders."""

    folder: Path
    port: int = field(default_factory=_free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "SPARK_CONF_DIR": str(self.folder),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOG_DIR": str(self.folder),
        }

    def start(self) -> None:
        """A master, and two workers of one core that it knows."""
        (self.folder / "spark-defaults.conf").write_text(
            "spark.driver.host 127.0.0.1\n"
            "spark.driver.bindAddress 127.0.0.1\n"
            "spark.driver.memory 1g\n"
            "spark.executor.memory 600m\n"
            "spark.executor.cores 1\n"
            "spark.ui.enabled false\n"
            "spark.sql.shuffle.partitions 2\n"
            "spark.sql.files.openCostInBytes 0\n"
            "spark.sql.files.maxPartitionBytes 40k\n",
            encoding="utf-8",
        )
        self._spawn("master.Master", "--host", "127.0.0.1", "--port", str(self.port))
        self._wait("I have been elected leader", 1)
        for _ in range(2):
            self.add_worker()
        self._wait("Registering worker", 2)

    def add_worker(self) -> subprocess.Popen[bytes]:
        work = self.folder / f"work-{len(self.processes)}"
        options = ("--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--work-dir", str(work))
        return self._spawn("worker.Worker", *options, self.url)

    def _spawn(self, name: str, *options: str) -> subprocess.Popen[bytes]:
        from pyspark.find_spark_home import _find_spark_home

        command = [f"{_find_spark_home()}/bin/spark-class", f"org.apache.spark.deploy.{name}"]
        with (self.folder / f"log-{len(self.processes)}").open("wb") as log:
            process = subprocess.Popen(
                [*command, *options],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def _wait(self, said: str, times: int) -> None:
        log = self.folder / "log-0"
        until = time.monotonic() + START_SECONDS
        while log.read_text(encoding="utf-8", errors="replace").count(said) < times:
            assert time.monotonic() < until, log.read_text(encoding="utf-8", errors="replace")
            assert self.processes[0].poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """A worker and its executor, at once and without a word to anybody."""
        executors = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(worker.pid)],
            capture_output=True,
            check=False,
            text=True,
        ).stdout.split()
        for pid in (worker.pid, *map(int, executors)):
            os.kill(pid, signal.SIGKILL)
        worker.wait(30)

    def stop(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)

    def screen(self, *arguments: str) -> subprocess.Popen[str]:
        """``fakturavakt screen … --on`` this cluster, in a process group of its own."""
        command = [sys.executable, "-m", "fakturavakt", "screen", *arguments, "--on", self.url]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster that is up, and down again afterwards."""
    found = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        found.start()
        yield found
    finally:
        found.stop()
