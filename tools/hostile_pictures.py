"""Makes a corpus of files that have harmed programs that read pictures.

    python tools/hostile_pictures.py FOLDER

Writes some two hundred files: bombs, truncated, mislabelled, animated, huge, tiny and
odd ones, other formats under a picture's name, polyglots, and seeded random damage.
`corpus()` gives them one by one, with what a service may answer: 200, or a 4xx.
"""

import argparse
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

GOOD = frozenset({200})
REFUSED = frozenset({413, 415, 422})
EITHER = GOOD | REFUSED
TOO_LARGE = frozenset({413})
NO_PICTURE = frozenset({415})
BROKEN = frozenset({415, 422})

PNG_START = b"\x89PNG\r\n\x1a\n"
FORMS = ("JPEG", "PNG", "WEBP", "BMP")
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "BMP": "bmp"}
DAMAGES = 12  # random damages of each format


@dataclass(frozen=True)
class Hostile:
    """One file.

    Attributes:
        name: with an ending that may lie.
        data: its bytes.
        allowed: the HTTP statuses that a service may answer.
    """

    name: str
    data: bytes
    allowed: frozenset[int]


def corpus() -> Iterator[Hostile]:
    """All files, in a fixed order; the same at each call."""
    yield from odd_sizes()
    yield from odd_modes()
    yield from odd_metadata()
    yield from bombs()
    yield from truncated()
    yield from damaged()
    yield from broken_chunks()
    yield from strangers()
    yield from polyglots()


def odd_sizes() -> Iterator[Hostile]:
    """One pixel, one row, one column, the limits of formats."""
    for form in FORMS:
        for width, height in ((1, 1), (1, 300), (300, 1), (2, 3), (15_000, 2)):
            data = encoded(Image.new("RGB", (width, height), "teal"), form)
            yield named(f"{width}x{height}", form, data, GOOD)
    yield named("65535x1", "JPEG", resized_jpeg(65_535, 1), TOO_LARGE)
    yield named("65000x1", "JPEG", encoded(drawn(65_000, 1), "JPEG"), TOO_LARGE)
    yield named("16383x1", "WEBP", encoded(drawn(16_383, 1), "WEBP"), GOOD)
    yield named("30000x1", "PNG", encoded(drawn(30_000, 1), "PNG"), TOO_LARGE)


def odd_modes() -> Iterator[Hostile]:
    """Every depth and colour space that the formats have."""
    picture = drawn(90, 70)
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = sixteen_bit() if mode == "I;16" else picture.convert(mode)
        name = mode.replace(";", "-")
        yield named(f"mode-{name}", "PNG", encoded(image, "PNG"), GOOD)
    for mode in ("L", "RGB", "CMYK", "YCbCr"):
        data = encoded(picture.convert(mode), "JPEG")
        yield named(f"mode-{mode}", "JPEG", data, GOOD)
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        yield named(f"mode-{mode}", "BMP", encoded(picture.convert(mode), "BMP"), GOOD)
    for options in ({"lossless": True}, {"quality": 1}, {"quality": 100}):
        name = "-".join(f"{key}-{value}" for key, value in options.items())
        yield named(name, "WEBP", encoded(picture, "WEBP", **options), GOOD)
    for options in ({"progressive": True}, {"quality": 1}, {"subsampling": 0}):
        name = "-".join(f"{key}-{value}" for key, value in options.items())
        yield named(name, "JPEG", encoded(picture, "JPEG", **options), GOOD)
    frames = [drawn(90, 70, seed) for seed in range(30)]
    moving: dict[str, Any] = {"save_all": True, "append_images": frames}
    yield named("animated", "WEBP", encoded(picture, "WEBP", **moving), GOOD)
    yield named("animated", "PNG", encoded(picture, "PNG", **moving), GOOD)
    yield Hostile("animated-gif.jpg", encoded(picture, "GIF", **moving), NO_PICTURE)
    yield Hostile("two-pictures.jpg", encoded(picture, "MPO", **moving), GOOD)
    clear = picture.convert("P")
    clear.info["transparency"] = bytes(range(256))
    yield named("clear-palette", "PNG", encoded(clear, "PNG"), GOOD)


def odd_metadata() -> Iterator[Hostile]:
    """EXIF, colour profiles and texts that lie or are huge."""
    picture = drawn(90, 70)
    for orientation in (0, 1, 3, 6, 8, 9, 65_535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        data = encoded(picture, "JPEG", exif=exif)
        yield named(f"orientation-{orientation}", "JPEG", data, GOOD)
    for name, block in (
        ("noise", noise(500)),
        ("cut", b"Exif\0\0II*\0\x08\0\0\0\xff\xff"),
        (
            "loop",
            b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\x08",
        ),
        ("huge", b"Exif\0\0II*\0\x08\0\0\0" + b"\xff" * 60_000),
    ):
        for form in ("JPEG", "PNG", "WEBP"):
            data = encoded(picture, form, exif=block)
            yield named(f"exif-{name}", form, data, GOOD)
    for form in ("JPEG", "PNG", "WEBP"):
        for name, profile in (("noise", noise(3_000)), ("long", bytes(60_000))):
            data = encoded(picture, form, icc_profile=profile)
            yield named(f"icc-{name}", form, data, GOOD)
    text = zlib.compress(bytes(200_000_000), 9)
    for kind, body in (
        (b"zTXt", b"Comment\0\0" + text),
        (b"iTXt", b"Comment\0\1\0\0\0" + text),
        (b"iCCP", b"icc\0\0" + text),
    ):
        data = with_chunk(encoded(picture, "PNG"), kind, body)
        yield named(f"unpacked-{kind.decode()}", "PNG", data, EITHER)
    many = encoded(picture, "PNG")
    for _ in range(2_000):
        many = with_chunk(many, b"tEXt", b"Key\0" + b"x" * 900)
    yield named("thousands-of-texts", "PNG", many, EITHER)


def bombs() -> Iterator[Hostile]:
    """Small files that ask for gigabytes, or for minutes."""
    yield named("12000x12000", "PNG", flat_png(12_000, 12_000, 2), TOO_LARGE)
    yield named("20000x20000-1-bit", "PNG", flat_png(20_000, 20_000, 0, 1), TOO_LARGE)
    yield named("5000x5000-16-bit", "PNG", flat_png(5_000, 5_000, 6, 16), EITHER)
    yield named("5000x5000-rgba", "PNG", flat_png(5_000, 5_000, 6), EITHER)
    yield named("5000x5000-1-bit", "PNG", flat_png(5_000, 5_000, 0, 1), EITHER)
    for width, height in ((50_000, 50_000), (2**31 - 1, 2**31 - 1), (2**31, 1)):
        yield named(f"claims-{width}x{height}", "PNG", claiming(width, height), REFUSED)
    for width, height in ((30_000, 30_000), (2**31 - 1, 2), (2, -(2**31)), (0, 9)):
        data = claiming_bmp(width, height)
        yield named(f"claims-{width}x{height}", "BMP", data, REFUSED)
    yield named("65000x65000", "JPEG", resized_jpeg(65_000, 65_000), TOO_LARGE)
    yield named("9000x5500-cut", "JPEG", resized_jpeg(9_000, 5_500), EITHER)
    large = Image.new("RGB", (7_000, 7_000), "navy")
    yield named("7000x7000", "JPEG", encoded(large, "JPEG", quality=30), GOOD)
    data = encoded(large, "JPEG", quality=30, progressive=True)
    yield named("7000x7000-progressive", "JPEG", data, EITHER)
    del large
    yield named("many-scans", "JPEG", many_scans(), REFUSED)
    yield named("idat-bomb", "PNG", png(64, 64, 2, 8, bytes(300_000_000)), EITHER)
    yield Hostile("gzip.png", gzip.compress(bytes(100_000_000)), NO_PICTURE)
    yield Hostile("zip-bomb.jpg", zip_bomb(), NO_PICTURE)


def truncated() -> Iterator[Hostile]:
    """Cut short at several places."""
    for form in FORMS:
        data = encoded(drawn(200, 150), form)
        for part in (0.02, 0.1, 0.3, 0.6, 0.9, 0.99):
            cut = data[: max(4, int(len(data) * part))]
            yield named(f"cut-{part:g}", form, cut, EITHER if part > 0.95 else BROKEN)
        yield named("one-byte-less", form, data[:-1], EITHER)
        yield named("rubbish-behind", form, data + noise(10_000), EITHER)
        yield named("rubbish-before", form, noise(16) + data, NO_PICTURE)


def damaged() -> Iterator[Hostile]:
    """Bytes changed at random, by a fixed seed."""
    random = np.random.default_rng(7)
    for form in FORMS:
        whole = np.frombuffer(encoded(drawn(160, 120), form), np.uint8)
        for number in range(DAMAGES):
            bad = whole.copy()
            places = random.integers(2, len(bad), 1 + number * 3)
            bad[places] = random.integers(0, 256, len(places))
            yield named(f"damaged-{number}", form, bad.tobytes(), EITHER)


def broken_chunks() -> Iterator[Hostile]:
    """PNG and JPEG whose parts contradict each other."""
    whole = encoded(drawn(40, 30), "PNG")
    header = whole[:33]
    yield named("no-data", "PNG", header + chunk(b"IEND", b""), BROKEN)
    yield named("two-headers", "PNG", header + whole[8:], EITHER)
    yield named("wrong-crc", "PNG", whole[:29] + b"\0\0\0\0" + whole[33:], BROKEN)
    yield named("no-palette", "PNG", png(8, 8, 3, 8, bytes(72)), EITHER)
    yield named("depth-7", "PNG", png(8, 8, 0, 7, bytes(72)), BROKEN)
    yield named("colour-5", "PNG", png(8, 8, 5, 8, bytes(72)), BROKEN)
    yield named("0x0", "PNG", png(0, 0, 2, 8, b""), BROKEN)
    yield named("no-bytes-packed", "PNG", png(64, 64, 2, 8, b""), EITHER)
    long = PNG_START + struct.pack(">I", 2**31 - 1) + b"IHDR" + bytes(40)
    yield named("endless-chunk", "PNG", long, BROKEN)
    for name, data in (
        ("start-only", b"\xff\xd8\xff"),
        ("start-and-end", b"\xff\xd8\xff\xd9"),
        ("endless-segment", b"\xff\xd8\xff\xe0\xff\xff" + bytes(100)),
        ("no-tables", b"\xff\xd8" + frame(8, 8, 3) + b"\xff\xda" + bytes(40)),
        ("no-components", b"\xff\xd8" + frame(8, 8, 0) + b"\xff\xd9"),
        ("0x0", b"\xff\xd8" + frame(0, 0, 3) + b"\xff\xd9"),
    ):
        yield named(name, "JPEG", data, BROKEN)
    riff = b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WEBPVP8 " + bytes(50)
    yield named("endless-riff", "WEBP", riff, BROKEN)


def strangers() -> Iterator[Hostile]:
    """Other things under the name of a picture."""
    picture = drawn(50, 40)
    for form in ("GIF", "TIFF", "ICO", "PDF", "PPM", "TGA", "PCX", "JPEG2000", "DDS"):
        yield Hostile(f"a-{form.lower()}.jpg", encoded(picture, form), NO_PICTURE)
    script = b"<script>alert(1)</script>"
    texts = {
        "svg.png": b"<svg xmlns='http://www.w3.org/2000/svg'>" + script + b"</svg>",
        "entities.png": b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><svg>&a;</svg>",
        "html.jpg": b"<!doctype html><html>" + script,
        "text.jpg": b"hello, I am no picture\n" * 100,
        "shell.png": b"#!/bin/sh\nrm -rf /\n",
        "postscript.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "program.jpg": b"\x7fELF" + noise(5_000),
        "windows.bmp": b"MZ" + noise(5_000),
        "film.jpg": b"\0\0\0\x18ftypmp42" + noise(5_000),
        "heic.jpg": b"\0\0\0\x18ftypheic" + noise(5_000),
        "avif.jpg": b"\0\0\0\x1cftypavif" + noise(5_000),
        "photoshop.png": b"8BPS\0\1" + noise(5_000),
        "fits.png": b"SIMPLE  =                    T" + b" " * 2_850,
        "wave.webp": b"RIFF" + struct.pack("<I", 5_000) + b"WAVEfmt " + noise(4_992),
        "bm.bmp": b"BM" + noise(5_000),
        "noise.jpg": noise(50_000),
        "zeros.png": bytes(100_000),
        "one-byte.png": b"\x89",
        "empty.jpg": b"",
    }
    for name, data in texts.items():
        yield Hostile(name, data, BROKEN if name == "bm.bmp" else NO_PICTURE)


def polyglots() -> Iterator[Hostile]:
    """Files that are two things at once; as a picture they are one."""
    picture = drawn(80, 60)
    web = b"<html><script>alert(1)</script></html>"
    for form in FORMS:
        data = encoded(picture, form)
        yield named("and-html", form, data + web, EITHER)
        yield named("and-zip", form, data + small_zip(), EITHER)
    comment = encoded(picture, "JPEG", comment=web)
    yield named("html-in-comment", "JPEG", comment, GOOD)
    text = with_chunk(encoded(picture, "PNG"), b"tEXt", b"Comment\0<?php die(); ?>")
    yield named("php-in-text", "PNG", text, GOOD)
    for form, other in (("PNG", "JPEG"), ("JPEG", "BMP"), ("WEBP", "PNG")):
        data = encoded(picture, form)
        yield Hostile(f"{form.lower()}-as.{ENDINGS[other]}", data, GOOD)


def named(what: str, form: str, data: bytes, allowed: frozenset[int]) -> Hostile:
    """A file with the ending of its format."""
    return Hostile(f"{what}.{ENDINGS[form]}", data, allowed)


def drawn(width: int, height: int, seed: int = 0) -> Image.Image:
    """An RGB picture of coarse noise."""
    small = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def sixteen_bit() -> Image.Image:
    """A grey picture of 16 bits."""
    values = np.random.default_rng(0).integers(0, 65_536, (70, 90), np.uint16)
    return Image.fromarray(values)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    """The bytes of a picture file."""
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


def noise(length: int) -> bytes:
    """Random bytes that begin like no format."""
    return b"\x01" + np.random.default_rng(5).bytes(length - 1)


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    crc = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc)


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    """A PNG with a chunk after its header."""
    return data[:33] + chunk(kind, body) + data[33:]


def png(width: int, height: int, colour: int, depth: int, rows: bytes) -> bytes:
    """A PNG with these bytes as its rows, whatever its header says."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(rows, 9))
    return PNG_START + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def flat_png(width: int, height: int, colour: int, depth: int = 8) -> bytes:
    """A PNG of one colour."""
    samples = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    row = 1 + (width * samples * depth + 7) // 8
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(row)) for _ in range(height))
    body += packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return PNG_START + b"".join(parts)


def claiming(width: int, height: int) -> bytes:
    """A PNG whose header promises more than there is."""
    return png(width, height, 2, 8, bytes(1_000))


def claiming_bmp(width: int, height: int) -> bytes:
    """A BMP whose header promises more than there is."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 200, 0, 0, 54) + info + bytes(146)


def resized_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose frame says another size than its data have."""
    data = encoded(drawn(64, 64), "JPEG")
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def frame(width: int, height: int, components: int) -> bytes:
    """The frame header of a JPEG."""
    parts = b"".join(bytes((n + 1, 0x11, 0)) for n in range(components))
    head = struct.pack(">BHHB", 8, height, width, components)
    return b"\xff\xc0" + struct.pack(">H", 8 + len(parts)) + head + parts


def many_scans() -> bytes:
    """A progressive JPEG that repeats its last scan many times."""
    data = encoded(Image.new("L", (6_000, 6_000)), "JPEG", progressive=True)
    start, end = data.rindex(b"\xff\xda"), data.rindex(b"\xff\xd9")
    return data[:end] + data[start:end] * 400 + data[end:]


def zip_bomb() -> bytes:
    """A zip of one file of 100 MB of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("nothing", bytes(100_000_000))
    return buffer.getvalue()


def small_zip() -> bytes:
    """A zip of one small file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "hello")
    return buffer.getvalue()


def main() -> None:
    """Writes the corpus into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(corpus()):
        (folder / f"{number:03}-{file.name}").write_bytes(file.data)


if __name__ == "__main__":
    main()
