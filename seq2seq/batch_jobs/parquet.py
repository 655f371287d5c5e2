"""Parquet files as inputs and outputs of a batch job, read and written in parts by pyarrow (the extra `parquet`)."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError

ROWS = 2000
"""Rows in memory at a time."""


def rows(path: Path, reader: Reader) -> Iterator[dict[str, object]]:
    """Yield the rows of a file, of which only the source column is read unless the task's reader needs others.

    Raises:
        UserError: If the file is damaged or has no such column.
    """
    with _opened(path) as file:
        columns = None
        if type(reader).source_of is Reader.source_of:
            columns = [reader.source_field]
            names = file.schema_arrow.names
            if reader.source_field not in names:
                raise UserError(
                    f"{path} has no column '{reader.source_field}', but {', '.join(names)}: name it with "
                    "--source_field."
                )
        for batch in file.iter_batches(batch_size=ROWS, columns=columns):
            if columns and len(batch.schema.names) == 1:
                (name,) = batch.schema.names
                yield from ({name: value} for value in batch.column(0).to_pylist())  # faster than rows of a table
            else:
                yield from batch.to_pylist()


def count(path: Path) -> int:
    """Return the number of rows."""
    with _opened(path) as file:
        return int(file.metadata.num_rows)


def require_new(path: Path, names: list[str]) -> None:
    """Check that a file has no columns of the names of outputs.

    Raises:
        UserError: If it has one.
    """
    with _opened(path) as file:
        for name in names:
            if name in file.schema_arrow.names:
                raise UserError(f"{path} has a column '{name}' already: name the output's with --output_field.")


def write_with_outputs(path: Path, outputs: "Iterator[dict[str, object]]", names: list[str], file: IO[bytes]) -> None:
    """Write a copy of a file with new columns.

    Args:
        path: The file to copy.
        outputs: Values of the new columns for each row.
        names: Names of the new columns.
        file: Where to write.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = pa.struct([("output", pa.string()), ("score", pa.float64())])
    kinds = {"score": pa.float64(), "alignments": pa.list_(pa.list_(pa.int32())), "outputs": pa.list_(texts)}
    kinds["error"] = pa.string()
    with _opened(path) as table:
        schema = table.schema_arrow
        for name in names:
            schema = schema.append(pa.field(name, kinds.get(name, pa.string())))
        with pq.ParquetWriter(file, schema) as writer:
            for batch in table.iter_batches(batch_size=ROWS):
                values = [next(outputs) for _ in range(batch.num_rows)]
                added = [pa.array([row.get(name) for row in values], schema.field(name).type) for name in names]
                writer.write_batch(pa.record_batch([*batch.columns, *added], schema=schema))


def _opened(path: Path) -> Any:  # noqa: ANN401 - pyarrow has no types
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as fault:
        raise UserError(f"{path} is a Parquet file, which needs pyarrow: pip install pyarrow.") from fault
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as fault:
        raise UserError(f"{path} is damaged or not a Parquet file: {fault}.") from fault
