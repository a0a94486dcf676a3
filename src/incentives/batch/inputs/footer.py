"""A Parquet file's footer, and the columns of an Arrow table, looked at before any page.

The law kept (``tests/threats/test_batch_sources.py``): a file that claims more than it
can hold, and an extension type, whose reading may run code, are refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from incentives.batch.inputs.sources import bad_source, pyarrow

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

MAX_GROUP_BYTES: Final = 4 * 2**30
MAX_GROUP_ROWS: Final = 2**27
FREE_BYTES: Final = 64 * 2**20
MAX_RATIO: Final = 1_000


def measure_parquet(path: Path) -> tuple[int, list[str]]:
    """Return the rows and the names of the columns of a Parquet file.

    Raises:
        TableError: no Parquet, beyond the limits, two names that differ in case only, or a
            type that may run code (E500, E502, E509, E514).
        OSError: the file cannot be read.
    """
    arrow = pyarrow()
    from pyarrow import parquet

    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(0)
        try:
            file = parquet.ParquetFile(stream)
            footer, schema = file.metadata, file.schema_arrow
            groups = [footer.row_group(at) for at in range(footer.num_row_groups)]
            claims = [(group.num_rows, group.total_byte_size) for group in groups]
        except (arrow.ArrowException, MemoryError, OSError, ValueError, OverflowError) as error:
            first = (str(error).splitlines() or [""])[0][:200]
            raise bad_source(
                "E500",
                f"{path} cannot be read as Parquet: {first}",
                f"{path} 无法作为 Parquet 读取：{first}",
            ) from None
    _measure(str(path), size, footer.num_rows, claims)
    check_fields(schema, str(path))
    return footer.num_rows, list(schema.names)


def _measure(shown: str, size: int, rows: int, claims: list[tuple[int, int]]) -> None:
    total = sum(unpacked for _, unpacked in claims)
    if min((number for claim in claims for number in claim), default=0) < 0 or rows != sum(
        count for count, _ in claims
    ):
        raise bad_source(
            "E500",
            f"{shown} is damaged: its footer contradicts itself",
            f"{shown} 已损坏：文件尾部的说明自相矛盾",
        )
    if total > FREE_BYTES and total > MAX_RATIO * size:
        raise _too_large(shown, f"{total} bytes unpacked from {size}", f"{size} 字节解压为 {total}")
    for count, unpacked in claims:
        if count > MAX_GROUP_ROWS or unpacked > MAX_GROUP_BYTES:
            raise _too_large(
                shown,
                f"a row group of {count} rows, {unpacked} bytes",
                f"一个行组有 {count} 行、{unpacked} 字节",
            )


def _too_large(shown: str, en: str, zh: str) -> Exception:
    return bad_source(
        "E502",
        f"{shown} is beyond the limits: {en}",
        f"{shown} 超出限度：{zh}",
        ("write it again in row groups of a million rows", "请按每组一百万行重新写出"),
    )


def check_fields(schema: pa.Schema, shown: str) -> None:
    """Refuse names that DuckDB takes for one, and extension types.

    Raises:
        TableError: E509, E514.
    """
    arrow = pyarrow()
    seen: dict[str, str] = {}
    for field in schema:
        lower = field.name.lower()
        if lower in seen:
            raise bad_source(
                "E514",
                f"{shown}: the column {field.name[:40]!r} stands beside {seen[lower][:40]!r}",
                f"{shown}：列“{field.name[:40]}”与“{seen[lower][:40]}”重名",
                ("rename or delete one of the two columns", "请改名或删去其中一列"),
            )
        seen[lower] = field.name
        for kind in _nested(field, arrow):
            raise bad_source(
                "E509",
                f"{shown}: column {field.name[:40]!r} is of type {kind[:60]}, which is not read",
                f"{shown}：列“{field.name[:40]}”的类型 {kind[:60]} 不予读取",
                (
                    "write text, whole numbers, decimals, dates, or true and false",
                    "请改为文本、整数、定点小数、日期或真假值",
                ),
            )


def _nested(field: pa.Field[Any], arrow: Any) -> list[str]:
    """Return the extension types in a field, at any depth."""
    extension = (field.metadata or {}).get(b"ARROW:extension:name")
    if isinstance(field.type, arrow.BaseExtensionType):
        return [str(field.type)]
    if extension is not None:
        return [f"extension {extension.decode('utf-8', 'replace')}"]
    return [
        kind for at in range(field.type.num_fields) for kind in _nested(field.type.field(at), arrow)
    ]
