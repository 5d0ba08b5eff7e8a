"""Compares what fastavro, pyarrow, pandas and json read of the same alerts, saved in every format; opens the stamps."""
import glob
import gzip
import io
import json
import math
import sys

import fastavro
import pandas
import pyarrow.parquet
from astropy.io import fits

folder, count, surveys = sys.argv[1], int(sys.argv[2]), sys.argv[3:]


def key_of(alert):
    return alert["candid"] if "candid" in alert else alert["diaSourceId"]


def read_avro(name):
    alerts = []
    for path in glob.glob(f"{folder}/{name}/*.avro"):
        with open(path, "rb") as file:
            alerts += list(fastavro.reader(file))
    return {key_of(alert): alert for alert in alerts}


def equal(a, b):
    if hasattr(a, "timestamp") and isinstance(b, int):  # fastavro gives dates for what Parquet keeps as it came
        return round(a.timestamp() * 1e6) == b or round(a.timestamp() * 1e3) == b
    if isinstance(a, float) and isinstance(b, (float, int)):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(equal, a, b))
    return a == b


def different(a, b):
    return {name: (a[name], b.get(name)) for name in a if not equal(a[name], b.get(name))}


def check(survey):
    name = "candid" if survey == "ztf" else "diaSourceId"
    source, time, flux = ("candidate", "jd", "magpsf") if survey == "ztf" else ("diaSource", "midpointMjdTai", "psfFlux")
    alerts = read_avro(f"{survey}/avro")
    assert len(alerts) == count, (len(alerts), count)
    bundle = read_avro(f"{survey}/bundle")
    assert bundle.keys() == alerts.keys()
    assert all(equal(alert, alerts[key]) for key, alert in bundle.items())

    (parquet,) = glob.glob(f"{folder}/{survey}/parquet/*.parquet")
    rows = pyarrow.parquet.read_table(parquet).to_pylist()
    assert len(rows) == count
    for row in rows:
        assert equal(alerts[row[name]], row), row[name]
    assert str(pyarrow.parquet.read_schema(parquet).field(name).type) == "int64"
    # Without that backend pandas makes floats of integers that may be null, whoever wrote them: ids would be rounded.
    frame = pandas.read_parquet(parquet, dtype_backend="pyarrow")
    assert str(frame[name].dtype) == "int64[pyarrow]" and set(frame[name]) == set(alerts)
    for key, record in zip(frame[name], frame[source]):
        assert equal(alerts[key][source], record), (key, different(alerts[key][source], record))

    (csv,) = glob.glob(f"{folder}/{survey}/csv/*.csv")
    table = pandas.read_csv(csv, float_precision="round_trip", keep_default_na=False, na_values=[""])
    assert table[name].dtype == "int64" and set(table[name]) == set(alerts)
    for key, when, value in zip(table[name], table[f"{source}.{time}"], table[f"{source}.{flux}"]):
        record = alerts[key][source]
        # The shortest digits of a float of 32 bits stand for the same float, not for the same double.
        assert when == record[time] and equal32(value, record[flux]), key

    (lines,) = glob.glob(f"{folder}/{survey}/json/*.jsonl")
    with open(lines) as file:
        read = [json.loads(line) for line in file]
    assert {alert[name] for alert in read} == set(alerts)
    for alert in read:
        assert alert[source][time] == alerts[alert[name]][source][time]
        assert equal32(alert[source][flux], alerts[alert[name]][source][flux])

    stamps = 0
    for path in glob.glob(f"{folder}/{survey}/stamps/*.fits*"):
        with open(path, "rb") as file:
            data = file.read()
        with fits.open(io.BytesIO(gzip.decompress(data) if path.endswith(".gz") else data)) as hdus:
            assert hdus[0].data.ndim == 2
        stamps += 1
    assert stamps == 3 * count, stamps
    return stamps


def equal32(a, b):
    return (a is None or math.isnan(a)) and b is None or pandas.Series([a], dtype="float32")[0] == pandas.Series([b], dtype="float32")[0]


stamps = sum(check(survey) for survey in surveys)
print(json.dumps({"good": True, "alerts": count * len(surveys), "stamps": stamps}))
