"""Reads what sky.mjs wrote and measures it again; the last line is JSON: `good`, and the figures behind it."""

import gzip
import io
import json
import os
import sys
import warnings

import fastavro
import numpy
from astropy.io import fits
from astropy.time import Time
from astropy.timeseries import LombScargleMultiband
from astropy.wcs import WCS

warnings.simplefilter("error")
folder = sys.argv[1]
figures = {}
wrong = []


def load(name):
    with open(os.path.join(folder, name), encoding="utf8") as file:
        return json.load(file)


def records(name):
    with open(os.path.join(folder, name), "rb") as file:
        return list(fastavro.reader(file))


def check(good, what):
    if not good:
        wrong.append(what)


def is_ztf(alert):
    return "candidate" in alert


def source_id(alert):
    return alert["candid"] if is_ztf(alert) else alert["diaSource"]["diaSourceId"]


def open_image(cutout):
    data = gzip.decompress(cutout["stampData"]) if isinstance(cutout, dict) else cutout
    with fits.open(io.BytesIO(data)) as hdus:
        hdus.verify("exception")
        return [(hdu.data.astype("f8"), hdu.header.copy()) for hdu in hdus]


def aperture(image, x, y, sigma):
    """Flux in a circle of 1.7 sigma, over the part of a Gaussian that is in it, and the pixels of the circle."""
    radius = 1.7 * sigma
    # Pixels are divided into 10 x 10 parts: the circle is small.
    fine = (numpy.arange(image.shape[0] * 10) + 0.5) / 10 - 0.5
    inside = numpy.hypot(fine[None, :] - x, fine[:, None] - y) <= radius
    size = image.shape[0]
    weight = inside.reshape(size, 10, size, 10).mean(axis=(1, 3))
    columns = numpy.exp(-((numpy.arange(size) - x) ** 2) / (2 * sigma**2)) / sigma / numpy.sqrt(2 * numpy.pi)
    rows = numpy.exp(-((numpy.arange(size) - y) ** 2) / (2 * sigma**2)) / sigma / numpy.sqrt(2 * numpy.pi)
    part = (weight * rows[:, None] * columns[None, :]).sum()
    return (image * weight).sum() / part, weight, part


opened = 0
pulls = []
noise = []
for name, expected in load("expected.json").items():
    alerts = records(name)
    check([str(source_id(alert)) for alert in alerts] == [source["id"] for source in expected], f"{name}: other ids")
    figures[f"alerts {name[:-5]}"] = len(alerts)
    for alert, source in zip(alerts, expected):
        if alert.get("cutoutScience") is None:
            check(name.startswith("elasticc"), f"{name}: no images")
            continue
        science, template, difference = (
            open_image(alert[f"cutout{which}"]) for which in ("Science", "Template", "Difference")
        )
        opened += 3
        image = difference[0][0]
        if is_ztf(alert):
            candidate = alert["candidate"]
            sign = 1 if candidate["isdiffpos"] == "t" else -1
            check(image.shape == (63, 63), f"{name}: {image.shape} pixels")
            flux = 10 ** (0.4 * (candidate["magzpsci"] - candidate["magpsf"]))
            sigma, x, y = candidate["fwhm"] / 2.3548, 31, 31
            edge = numpy.hypot(*(numpy.mgrid[:63, :63] - 31)) > 10
            variance = numpy.full(image.shape, image[edge].var())
        else:
            dia = alert["diaSource"]
            sign = 1
            check(image.shape == (30, 30), f"{name}: {image.shape} pixels")
            flux, variance = dia["psfFlux"], difference[1][0]
            sigma = numpy.sqrt(dia["ixxPSF"]) / 0.2
            wcs = WCS(difference[0][1])
            column, row = wcs.world_to_pixel_values(dia["ra"], dia["dec"])
            header = difference[0][1]
            check(abs(column + 1 - header["CRPIX1"]) < 1e-6 and abs(row + 1 - header["CRPIX2"]) < 1e-6, f"{name}: WCS")
            check(header["BUNIT"] == "nJy" and difference[2][0].shape == (41, 41), f"{name}: form")
            check(abs(difference[2][0].sum() - 1) < 1e-3, f"{name}: the PSF sums to {difference[2][0].sum()}")
            # The source is where the exact place is, the middle of the image; its centroid is off by noise.
            fraction = [dia["x"] - header["CUTMINX"] - header["CRPIX1"], dia["y"] - header["CUTMINY"] - header["CRPIX2"]]
            check(numpy.allclose(fraction, 0, atol=1e-2), f"{name}: x and y")
            x, y = header["CRPIX1"] - 1, header["CRPIX2"] - 1
        exact = sign * (science[0][0] - template[0][0])
        check((image == exact).all(), f"{name}: science minus template is not the difference")
        if source["kind"] == "bogus":
            continue
        measured, weight, part = aperture(image, x, y, sigma)
        light = numpy.maximum(0, sign * flux * weight / part / weight.sum()) if is_ztf(alert) else 0
        error = numpy.sqrt((weight**2 * (variance + light / 6.2)).sum()) / part
        # A shift of the centroid by noise loses light, to second order.
        error = numpy.hypot(error, 0.02 * abs(flux))
        pulls.append((measured - flux) / error)
    for alert in alerts:
        if source_id(alert) and is_ztf(alert):
            for epoch in alert.get("fp_hists") or []:
                ratio = epoch["forcediffimflux"] / epoch["forcediffimfluxunc"]
                if alert["candidate"]["ssnamenr"] != "null":
                    noise.append(ratio)

pulls = numpy.array(pulls)
figures["images"] = opened
figures["aperture within 3 sigma"] = round(float((abs(pulls) < 3).mean()), 4)
figures["aperture pulls"] = [round(float(pulls.mean()), 3), round(float(pulls.std()), 3)]
check((abs(pulls) < 3).mean() > 0.99, "aperture fluxes")
check(abs(pulls.mean()) < 0.2 and pulls.std() < 1.2, "pulls of aperture fluxes")
# Where an asteroid passed there was nothing before: forced fluxes are noise, as large as they say.
noise = numpy.array(noise)
figures["forced pulls"] = [round(float(noise.mean()), 3), round(float(noise.std()), 3)]
check(abs(noise.mean()) < 5 / numpy.sqrt(len(noise)) and abs(noise.std() - 1) < 0.1, "pulls of forced fluxes")


def points(alerts):
    """Time, band, flux and error of an object's alerts and their forced photometry, each exposure once."""
    found = {}
    for alert in alerts:
        if is_ztf(alert):
            for epoch in alert["fp_hists"] or []:
                unit = 10 ** (0.4 * (25 - epoch["magzpsci"]))
                found[epoch["jd"]] = (epoch["fid"], epoch["forcediffimflux"] * unit, epoch["forcediffimfluxunc"] * unit)
            candidate = alert["candidate"]
            flux = 10 ** (0.4 * (25 - candidate["magpsf"])) * (1 if candidate["isdiffpos"] == "t" else -1)
            found[candidate["jd"]] = (candidate["fid"], flux, abs(flux) * candidate["sigmapsf"] / 1.0857)
        else:
            for epoch in alert["prvDiaForcedSources"] or []:
                found[epoch["midpointMjdTai"]] = (epoch["band"], epoch["psfFlux"], epoch["psfFluxErr"])
    times = sorted(found)
    return (numpy.array(times), *(numpy.array(column) for column in zip(*(found[time] for time in times))))


for survey, periods in load("periods.json").items():
    stars = {}
    for alert in records(f"stars-{survey}.avro"):
        key = alert["objectId"] if is_ztf(alert) else str(alert["diaObject"]["diaObjectId"])
        stars.setdefault(key, []).append(alert)
    tried = right = 0
    for name, period in periods.items():
        times, bands, fluxes, errors = points(stars[name])
        if len(times) < 30:
            continue
        # Each band varies by itself: in units of its own spread about its own median.
        for band in set(bands):
            of = bands == band
            centre, spread = numpy.median(fluxes[of]), max(fluxes[of].std(), 1e-9)
            fluxes[of], errors[of] = (fluxes[of] - centre) / spread, errors[of] / spread
        frequencies = numpy.arange(1 / 0.85, 1 / 0.22, 0.1 / (times[-1] - times[0]))
        powers = LombScargleMultiband(times, fluxes, bands, errors + 0.05, nterms_base=2, nterms_band=0).power(
            frequencies, method="flexible"
        )
        tried += 1
        right += abs(1 / frequencies[powers.argmax()] / period - 1) < 0.01
    figures[f"periods {survey}"] = f"{right} of {tried}"
    check(tried >= 3 and right >= 0.8 * tried, f"{survey}: periods")

times = load("times.json")
error = max(abs(Time(utc, format="mjd", scale="utc").tai.mjd - tai) for utc, tai in times)
figures["TAI off by [s]"] = round(error * 86400, 6)
check(error * 86400 < 1e-3, "TAI")

print(json.dumps({"good": not wrong, **figures, "wrong": sorted(set(wrong))[:10]}))
