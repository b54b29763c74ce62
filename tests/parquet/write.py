"""Writes the files beside it, as other libraries write Parquet: `pip install pyarrow polars`, then `python write.py`."""

import datetime
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow
from pyarrow import parquet

HERE = Path(__file__).parent
START = datetime.datetime(2026, 9, 1, 8, tzinfo=datetime.timezone.utc)


def record(number: int) -> dict:
    """An inference record; that of number 13 has a latency that cannot be, that of number 17 no id."""
    return {
        "mlSpecVersion": "0.1.0",
        "kind": "inference-log",
        "applicationInfo": {"applicationId": "portal"},
        "requestInfo": {
            "requestId": None if number == 17 else f"req-{number}",
            "requestTimestamp": START + datetime.timedelta(milliseconds=250 * number),
            "requestLatencyMs": -1.0 if number == 13 else 12.5 + number,
        },
        "modelId": "credit/1",
        "inputs": {"featureNames": ["income", "age"], "featureValues": [[41000.0, 31.0]]},
    }


# Groups, as pyarrow and Spark write them, in two row groups.
nested = pyarrow.Table.from_pylist([record(number) for number in range(20)])
parquet.write_table(nested, HERE / "nested.parquet", compression="zstd", row_group_size=10)

# Dotted names, as pandas.json_normalize makes them.
dotted = [
    {
        "mlSpecVersion": "0.1.0",
        "kind": "inference-log",
        "applicationInfo.applicationId": "portal",
        "requestInfo.requestId": f"req-{number}",
        "requestInfo.requestTimestamp": START + datetime.timedelta(seconds=number),
        "requestInfo.requestLatencyMs": -1.0 if number == 3 else 2.5,
        "modelId": "credit/1",
    }
    for number in range(5)
]
polars.DataFrame(dotted).write_parquet(HERE / "dotted.parquet", compression="snappy")

# A table with values of many types.
loans = {
    "id": [f"{number:05}" for number in range(30)],
    "income": [Decimal(20000 + 977 * number) / 4 for number in range(30)],
    "age": pyarrow.array([None if number == 4 else (9 if number == 7 else 20 + number) for number in range(30)], pyarrow.uint8()),
    "rate": [float("nan") if number == 11 else number / 7 for number in range(30)],
    "opened_on": [datetime.date(2026, 1, 1) + datetime.timedelta(days=number) for number in range(30)],
    "changed_at": [START + datetime.timedelta(hours=number) for number in range(30)],
    "defaulted": [number % 3 == 0 for number in range(30)],
    "tags": [["a", "b"][: number % 3] for number in range(30)],
}
parquet.write_table(pyarrow.table(loans), HERE / "loans.parquet", compression="gzip", version="2.6", data_page_version="2.0")
