"""Compares what fastavro, pyarrow, pandas and json read of the same alerts, saved in every format."""
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

folder, count = sys.argv[1], int(sys.argv[2])


def read_avro(name):
    alerts = []
    for path in glob.glob(f"{folder}/{name}/*.avro"):
        with open(path, "rb") as file:
            alerts += list(fastavro.reader(file))
    return {alert["candid"]: alert for alert in alerts}


def equal(a, b):
    if isinstance(a, float) and isinstance(b, (float, int)):
        return a == b or (math.isnan(a) and math.isnan(b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(equal, a, b))
    return a == b


alerts = read_avro("avro")
assert len(alerts) == count, (len(alerts), count)
assert all(equal(alert, alerts[candid]) for candid, alert in read_avro("bundle").items())

(parquet,) = glob.glob(f"{folder}/parquet/*.parquet")
rows = pyarrow.parquet.read_table(parquet).to_pylist()
assert len(rows) == count
for row in rows:
    assert equal(alerts[row["candid"]], row), row["candid"]
assert str(pyarrow.parquet.read_schema(parquet).field("candid").type) == "int64"
frame = pandas.read_parquet(parquet)
assert frame["candid"].dtype == "int64" and set(frame["candid"]) == set(alerts)
for candid, candidate in zip(frame["candid"], frame["candidate"]):
    assert equal(alerts[candid]["candidate"], candidate), candid

(csv,) = glob.glob(f"{folder}/csv/*.csv")
table = pandas.read_csv(csv, float_precision="round_trip", keep_default_na=False, na_values=[""])
assert table["candid"].dtype == "int64" and set(table["candid"]) == set(alerts)
for candid, jd, magpsf in zip(table["candid"], table["candidate.jd"], table["candidate.magpsf"]):
    candidate = alerts[candid]["candidate"]
    assert (jd, magpsf) == (candidate["jd"], candidate["magpsf"]), candid

(lines,) = glob.glob(f"{folder}/json/*.jsonl")
with open(lines) as file:
    for alert in map(json.loads, file):
        assert alert["objectId"] == alerts[alert["candid"]]["objectId"]

stamps = 0
for alert in alerts.values():
    stamp = alert["cutoutScience"]
    if stamp is None:
        continue
    with fits.open(io.BytesIO(gzip.decompress(stamp["stampData"]))) as hdus:
        assert hdus[0].data.ndim == 2
    stamps += 1
print(f"{count} alerts are the same in Avro, Parquet (pyarrow and pandas), CSV and JSON; astropy opens {stamps} stamps")
