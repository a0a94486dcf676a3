"""Spark on this machine: two worker processes, no web page, files in a temporary directory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.services.postgres import ADVICE, ServiceMissingError

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = 17
"""The oldest Java that the Spark releases we name run on."""


def java_home() -> Path:
    """Return the home of a Java that Spark runs on; the oldest one that does.

    Raises:
        ServiceMissingError: there is none.
    """
    places = sorted(Path("/usr/lib/jvm").glob("*"))
    named, on_path = os.environ.get("JAVA_HOME"), shutil.which("java")
    if on_path:
        places.append(Path(on_path).resolve().parents[1])
    if named:
        places.insert(0, Path(named))
    found = {place: _version(place / "bin" / "java") for place in places}
    able = {place: version for place, version in found.items() if version >= OLDEST}
    if named and Path(named) in able:
        return Path(named)
    if not able:
        raise ServiceMissingError(f"there is no Java {OLDEST} or newer here; {ADVICE}")
    return min(able, key=lambda place: able[place])


def _version(java: Path) -> int:
    """Return the feature version of a Java, 0 where there is none."""
    if not java.is_file():
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    match = re.search(r'version "(\d+)', told.stderr)
    return int(match[1]) if match else 0


def session(directory: Path) -> Iterator[Any]:
    """Yield a Spark session with two workers, then stop it.

    Raises:
        ServiceMissingError: PySpark or Java is not here.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ServiceMissingError(
            "PySpark is not installed: pip install 'incentives[spark]'"
        ) from error
    os.environ["JAVA_HOME"] = str(java_home())
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(directory / "local"),
        "spark.sql.warehouse.dir": str(directory / "warehouse"),
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
    }
    builder = SparkSession.builder.master("local[2]").appName("incentives")
    for name, value in settings.items():
        builder = builder.config(name, value)
    running = builder.getOrCreate()
    running.sparkContext.setLogLevel("ERROR")
    try:
        yield running
    finally:
        running.stop()
