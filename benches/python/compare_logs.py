"""Compares `mlspec-lint check` of a log with the same seven checks by others, in one run, on the same file.

    python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements.txt
    cargo build --profile dist --features jemalloc
    .venv/bin/python compare_logs.py --program ../../target/dist/mlspec-lint --gigabytes 2

Each contestant runs in a process of its own, on one thread, after the file was read once; figures are ratios of its processor time to that of
mlspec-lint, so that they do not depend on the machine. All choices favour the others: they count the records that are wrong, and say neither
where nor why, while mlspec-lint applies every rule. What they check: a request id that is a UUID, a time that exists, a latency that is not
negative, a result code that is a whole number, a digest of 64 hexadecimal digits, a feedback from 0 to 1, and that the kind is known.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import uuid
from datetime import datetime, timedelta, timezone
from pathlib import Path

HEX = "^sha256:[0-9a-f]{64}$"
UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


def write_log(path: Path, size: int, faults: float) -> int:
    """Writes records until the file has this many bytes. Returns how many of them have a fault."""
    rng = random.Random(20260901)
    digest = f"sha256:{rng.getrandbits(256):064x}"
    time = datetime(2026, 9, 1, tzinfo=timezone.utc)
    written = wrong = 0
    with open(path, "w", encoding="utf-8", buffering=1 << 20) as out:
        while written < size:
            time += timedelta(milliseconds=rng.randrange(1, 500))
            latency = round(rng.lognormvariate(3.5, 0.6), 1)
            if rng.random() < faults:
                latency, wrong = -latency, wrong + 1
            record = {
                "mlSpecVersion": "0.1.0",
                "kind": "inference-log",
                "applicationInfo": {"applicationId": "loan-counter"},
                "requestInfo": {
                    "requestId": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                    "requestTimestamp": time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                    "requestLatencyMs": latency,
                },
                "modelInfo": {"models": ["credit-default/2.1.0"]},
                "inputs": {
                    "featureNames": ["income", "amount", "term_months", "purpose"],
                    "featureValues": [
                        round(rng.gauss(3300, 900), 2),
                        rng.randrange(500, 50000),
                        rng.choice([12, 24, 36, 48]),
                        rng.choice(["car", "home", "other"]),
                    ],
                },
                "resultInfo": {"resultCode": 200, "resultSizeInBytes": rng.randrange(40, 90)},
                "prediction": round(rng.random(), 4),
                "predictionFeedback": round(rng.random(), 3),
                "provenance": {"pipelineDigest": digest, "datasetDigest": digest},
            }
            line = json.dumps(record) + "\n"
            out.write(line)
            written += len(line)
    return wrong


def by_duckdb(path: str) -> int:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    query = f"""
        SELECT count(*) FROM read_json(?, format = 'newline_delimited', columns = {{
            kind: 'VARCHAR', predictionFeedback: 'DOUBLE',
            requestInfo: 'STRUCT(requestId VARCHAR, requestTimestamp VARCHAR, requestLatencyMs DOUBLE)',
            resultInfo: 'STRUCT(resultCode BIGINT)', provenance: 'STRUCT(pipelineDigest VARCHAR)'}})
        WHERE NOT (coalesce(regexp_matches(requestInfo.requestId, '{UUID}'), false)
            AND try_cast(requestInfo.requestTimestamp AS TIMESTAMPTZ) IS NOT NULL
            AND coalesce(requestInfo.requestLatencyMs >= 0, false) AND resultInfo.resultCode IS NOT NULL
            AND coalesce(regexp_matches(provenance.pipelineDigest, '{HEX}'), false)
            AND coalesce(predictionFeedback BETWEEN 0 AND 1, true)
            AND coalesce(kind IN ('inference-log', 'inference-request', 'inference-prediction'), false))"""
    return connection.execute(query, [path]).fetchone()[0]


def by_polars(path: str) -> int:
    import polars as pl

    request = pl.Struct({"requestId": pl.String, "requestTimestamp": pl.String, "requestLatencyMs": pl.Float64})
    schema = {
        "kind": pl.String,
        "predictionFeedback": pl.Float64,
        "requestInfo": request,
        "resultInfo": pl.Struct({"resultCode": pl.Int64}),
        "provenance": pl.Struct({"pipelineDigest": pl.String}),
    }
    field = pl.col("requestInfo").struct.field
    is_right = (
        field("requestId").str.contains(UUID)
        & field("requestTimestamp").str.to_datetime(strict=False, time_zone="UTC", format="%+").is_not_null()
        & (field("requestLatencyMs") >= 0)
        & pl.col("resultInfo").struct.field("resultCode").is_not_null()
        & pl.col("provenance").struct.field("pipelineDigest").str.contains(HEX)
        & pl.col("predictionFeedback").is_between(0, 1).fill_null(True)
        & pl.col("kind").is_in(["inference-log", "inference-request", "inference-prediction"])
    )
    lines = pl.scan_ndjson(path, schema=schema)
    return lines.select((~is_right.fill_null(False)).sum()).collect(engine="streaming").item()


def by_msgspec(path: str) -> int:
    from typing import Annotated, Literal
    from uuid import UUID as Id

    import msgspec
    from msgspec import Meta, Struct

    class Request(Struct):
        requestId: Id
        requestTimestamp: datetime
        requestLatencyMs: Annotated[float, Meta(ge=0)]

    class Result(Struct):
        resultCode: int

    class Provenance(Struct):
        pipelineDigest: Annotated[str, Meta(pattern=HEX)]

    class Record(Struct):
        kind: Literal["inference-log", "inference-request", "inference-prediction"]
        requestInfo: Request
        resultInfo: Result
        provenance: Provenance
        predictionFeedback: Annotated[float, Meta(ge=0, le=1)] | None = None

    decode, wrong = msgspec.json.Decoder(Record).decode, 0
    with open(path, "rb") as lines:
        for line in lines:
            try:
                decode(line)
            except msgspec.ValidationError:
                wrong += 1
    return wrong


def by_pydantic(path: str) -> int:
    from typing import Annotated, Literal
    from uuid import UUID as Id

    from pydantic import BaseModel, Field, ValidationError

    class Request(BaseModel):
        requestId: Id
        requestTimestamp: datetime
        requestLatencyMs: Annotated[float, Field(ge=0)]

    class Result(BaseModel):
        resultCode: int

    class Provenance(BaseModel):
        pipelineDigest: Annotated[str, Field(pattern=HEX)]

    class Record(BaseModel):
        kind: Literal["inference-log", "inference-request", "inference-prediction"]
        requestInfo: Request
        resultInfo: Result
        provenance: Provenance
        predictionFeedback: Annotated[float, Field(ge=0, le=1)] | None = None

    check, wrong = Record.__pydantic_validator__.validate_json, 0
    with open(path, "rb") as lines:
        for line in lines:
            try:
                check(line)
            except ValidationError:
                wrong += 1
    return wrong


OTHERS = {"duckdb": by_duckdb, "polars": by_polars, "msgspec": by_msgspec, "pydantic": by_pydantic}


def cost(command: list[str], environment: dict[str, str], expected: tuple[int, ...] = (0,)) -> tuple[float, float, str]:
    """Returns processor seconds and the greatest memory in MiB of a process, and what it printed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, **environment}) as process:
        printed = process.stdout.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expected:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", type=Path, default=Path("mlspec-lint"))
    parser.add_argument("--gigabytes", type=float, default=2)
    parser.add_argument("--faults", type=float, default=0.001, help="the share of records that are wrong")
    parser.add_argument("--folder", type=Path, default=None, help="where the log is written")
    parser.add_argument("--alone", choices=OTHERS, help=argparse.SUPPRESS)
    parser.add_argument("--log", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        print(OTHERS[given.alone](given.log))
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        log = Path(folder) / "log.jsonl"
        size = int(given.gigabytes * 1e9)
        wrong = write_log(log, size, given.faults)
        subprocess.run(["cat", str(log)], stdout=subprocess.DEVNULL, check=True)
        arguments = ["check", str(log), "-j", "1", "--isolated", "--format", "json", "--fail-on", "error"]
        own, memory, printed = cost([str(given.program), *arguments], {}, (0, 1))
        errors = json.loads(printed)["summary"]["errors"]
        print(f"{size / 1e9:.1f} GB, {wrong} records are wrong\n\n| | found | CPU, mlspec-lint = 1 | MiB |\n|---|---|---|---|")
        print(f"| mlspec-lint, every rule | {errors} | 1 ({size / own / 1e9:.2f} GB/s) | {memory:.0f} |", flush=True)
        for name in OTHERS:
            command = [sys.executable, __file__, "--alone", name, "--log", str(log)]
            seconds, memory, printed = cost(command, {"POLARS_MAX_THREADS": "1"})
            print(f"| {name}, seven checks | {printed.strip()} | {seconds / own:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
