# SPDX-License-Identifier: GPL-3.0-or-later
"""Small landscapes as PNG files, drawn without any library: sky, sun, hills and sea in layers."""

import functools
import math
import random
import struct
import zlib

WIDTH, HEIGHT = 960, 540

# name: sky at the top, sky at the horizon, the sun's colour, (x, y, radius), layers from back to
# front as (height, swell, colour), and what stands before the last of them
SCENES = {
    "north-sea": ((96, 148, 178), (226, 228, 214), (255, 246, 220), (0.70, 0.34, 0.055),
                  [(0.60, 0.004, (120, 156, 170)), (0.66, 0.008, (88, 132, 150)),
                   (0.76, 0.014, (58, 104, 126)), (0.89, 0.018, (34, 74, 98))], "buoy"),
    "lighthouse": ((250, 176, 122), (255, 232, 190), (255, 250, 226), (0.28, 0.50, 0.07),
                   [(0.62, 0.004, (176, 148, 152)), (0.68, 0.05, (108, 104, 122)),
                    (0.84, 0.012, (70, 84, 110)), (0.93, 0.02, (44, 58, 84))], "lighthouse"),
    "harbour": ((120, 180, 220), (240, 236, 216), (255, 252, 232), (0.80, 0.22, 0.05),
                [(0.50, 0.09, (150, 170, 168)), (0.58, 0.05, (110, 140, 136)),
                 (0.70, 0.004, (74, 130, 150)), (0.86, 0.01, (44, 98, 122))], "boats"),
    "sunset": ((64, 48, 98), (248, 158, 92), (255, 224, 150), (0.50, 0.56, 0.09),
               [(0.60, 0.05, (112, 64, 96)), (0.68, 0.03, (78, 46, 82)),
                (0.80, 0.006, (60, 40, 80)), (0.92, 0.02, (34, 24, 54))], "reeds"),
    "town": ((150, 196, 226), (250, 240, 220), (255, 250, 235), (0.16, 0.20, 0.05),
             [(0.52, 0.06, (168, 184, 186)), (0.90, 0.006, (90, 110, 104))], "roofs"),
    "storm-coast": ((70, 82, 96), (168, 176, 180), (214, 218, 216), (0.40, 0.20, 0.03),
                    [(0.56, 0.02, (98, 114, 124)), (0.66, 0.035, (74, 94, 108)),
                     (0.78, 0.06, (46, 58, 66)), (0.92, 0.03, (26, 34, 42))], "spray"),
    "snow": ((176, 200, 222), (238, 242, 246), (255, 255, 250), (0.62, 0.26, 0.05),
             [(0.48, 0.14, (196, 208, 220)), (0.62, 0.10, (214, 224, 232)),
              (0.80, 0.05, (236, 240, 244))], "firs"),
    "kettle": ((244, 222, 196), (252, 242, 226), (255, 250, 240), (0.76, 0.30, 0.10),
               [(0.70, 0.03, (226, 176, 128)), (0.82, 0.02, (196, 132, 88)),
                (0.92, 0.02, (150, 92, 62))], None),
}


class Canvas:
    """Rows of RGB bytes."""

    def __init__(self, width, height):
        self.width, self.height = width, height
        self.rows = [bytearray(width * 3) for _ in range(height)]

    def span(self, y, left, right, colour):
        left, right = max(0, int(left)), min(self.width, int(right))
        if 0 <= y < self.height and left < right:
            self.rows[y][left * 3 : right * 3] = bytes(colour) * (right - left)

    def box(self, x, y, width, height, colour):
        for row in range(int(y), int(y + height)):
            self.span(row, x, x + width, colour)

    def disc(self, x, y, radius, colour):
        for row in range(int(y - radius), int(y + radius) + 1):
            half = math.sqrt(max(0, radius * radius - (row - y) ** 2))
            self.span(row, x - half, x + half, colour)

    def triangle(self, x, top, bottom, half, colour):
        """Standing on its base, its point at (x, top)."""
        for row in range(int(top), int(bottom)):
            share = (row - top) / max(1, bottom - top) * half
            self.span(row, x - share, x + share, colour)

    def png(self):
        def chunk(kind, data):
            return (
                struct.pack(">I", len(data))
                + kind
                + data
                + struct.pack(">I", zlib.crc32(kind + data))
            )

        raw = b"".join(b"\0" + row for row in self.rows)
        return (
            b"\x89PNG\r\n\x1a\n"
            + chunk(b"IHDR", struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(raw, 9))
            + chunk(b"IEND", b"")
        )


def _mixed(first, second, share):
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second))


def _layer(canvas, base, swell, colour, chance):
    """One hill or wave: a curve of three sines, filled to the bottom."""
    waves = [(chance.uniform(0.6, 1.4) * k, chance.uniform(0, 6.3), 1 / k) for k in (1, 3, 8)]
    tops = []
    for x in range(canvas.width):
        at = x / canvas.width * 6.3
        tops.append(
            (base + swell * sum(math.sin(at * f + p) * a for f, p, a in waves)) * canvas.height
        )
    highest, lowest = min(tops), max(tops)
    for y in range(int(highest), canvas.height):
        shade = _mixed(colour, (0, 0, 0), 0.18 * (y - highest) / canvas.height)
        if y >= lowest:
            canvas.span(y, 0, canvas.width, shade)
            continue
        start = None
        for x, top in enumerate([*tops, canvas.height + 1]):
            if top <= y and start is None:
                start = x
            elif top > y and start is not None:
                canvas.span(y, start, x, shade)
                start = None


def _buoy(canvas, chance):
    """With a cormorant on top."""
    w, h = canvas.width, canvas.height
    x, y = w * 0.36, h * 0.80
    canvas.box(x - w * 0.003, y - h * 0.36, w * 0.006, h * 0.36, (60, 60, 66))
    canvas.triangle(x, y - h * 0.26, y, w * 0.035, (232, 186, 44))
    canvas.box(x - w * 0.05, y, w * 0.10, h * 0.045, (214, 96, 52))
    canvas.disc(x, y - h * 0.40, h * 0.032, (36, 36, 42))
    canvas.triangle(x + w * 0.02, y - h * 0.425, y - h * 0.40, w * 0.012, (36, 36, 42))
    canvas.triangle(x - w * 0.004, y - h * 0.46, y - h * 0.40, w * 0.006, (36, 36, 42))


def _lighthouse(canvas, chance):
    w, h = canvas.width, canvas.height
    x, top = w * 0.70, h * 0.22
    for step in range(6):
        half = w * (0.018 + 0.003 * step)
        colour = (206, 66, 56) if step % 2 == 0 else (246, 240, 230)
        canvas.box(x - half, top + step * h * 0.075, 2 * half, h * 0.075, colour)
    canvas.box(x - w * 0.014, top - h * 0.055, w * 0.028, h * 0.055, (255, 236, 150))
    canvas.triangle(x, top - h * 0.10, top - h * 0.055, w * 0.02, (70, 50, 54))


def _boats(canvas, chance):
    w, h = canvas.width, canvas.height
    for x, y, size in ((0.24, 0.78, 1.0), (0.44, 0.74, 0.7), (0.60, 0.83, 1.2)):
        hull = (176, 62, 52) if size == 1.0 else (40, 66, 92)
        canvas.triangle(
            x * w, (y - 0.22 * size) * h, (y - 0.02) * h, w * 0.035 * size, (250, 246, 238)
        )
        canvas.box((x - 0.05 * size) * w, (y - 0.01) * h, w * 0.10 * size, h * 0.03 * size, hull)


def _reeds(canvas, chance):
    w, h = canvas.width, canvas.height
    for _ in range(70):
        x, tall = chance.uniform(0, w * 0.34), chance.uniform(0.10, 0.34)
        canvas.box(x, h * (1 - tall), 3, h * tall, (22, 16, 38))


def _roofs(canvas, chance):
    w, h = canvas.width, canvas.height
    for number in range(9):
        x, tall = (number + 0.5) * w / 9, chance.uniform(0.22, 0.42)
        wall = chance.choice([(214, 150, 116), (232, 206, 160), (190, 120, 104), (222, 186, 170)])
        canvas.box(x - w * 0.056, h * (1 - tall), w * 0.112, h * tall, wall)
        canvas.triangle(x, h * (0.86 - tall), h * (1 - tall), w * 0.062, (136, 70, 58))
        for row in range(3):
            for side in (-1, 1):
                canvas.box(
                    x + side * w * 0.025 - w * 0.010,
                    h * (1.04 - tall + row * 0.12),
                    w * 0.020,
                    h * 0.06,
                    (255, 240, 190),
                )


def _spray(canvas, chance):
    for _ in range(420):
        far = abs(chance.gauss(0, 0.11))
        canvas.disc(
            canvas.width * (0.22 + chance.gauss(0, 0.05)),
            canvas.height * (0.74 - far),
            chance.uniform(1, 5),
            (232, 238, 240),
        )


def _firs(canvas, chance):
    w, h = canvas.width, canvas.height
    for _ in range(26):
        x, y, tall = (
            chance.uniform(0, w),
            chance.uniform(0.74, 0.98) * h,
            chance.uniform(0.08, 0.20),
        )
        for part in range(3):
            canvas.triangle(
                x,
                y - h * tall * (1 - part * 0.22),
                y - h * tall * 0.22 * (2 - part),
                w * 0.012 * (1 + part * 0.4),
                (52, 82, 78),
            )


THINGS = {
    "buoy": _buoy,
    "lighthouse": _lighthouse,
    "boats": _boats,
    "reeds": _reeds,
    "roofs": _roofs,
    "spray": _spray,
    "firs": _firs,
}


@functools.cache
def scene(name, width=WIDTH, height=HEIGHT):
    """The PNG file of one of the SCENES."""
    top, horizon, glow, (sun_x, sun_y, radius), layers, thing = SCENES[name]
    chance = random.Random(name)
    canvas = Canvas(width, height)
    for y in range(height):
        canvas.span(y, 0, width, _mixed(top, horizon, min(1, y / (height * layers[0][0]))))
    canvas.disc(sun_x * width, sun_y * height, radius * height * 1.25, _mixed(horizon, glow, 0.5))
    canvas.disc(sun_x * width, sun_y * height, radius * height, glow)
    for base, swell, colour in layers[:-1]:
        _layer(canvas, base, swell, colour, chance)
    if thing:
        THINGS[thing](canvas, chance)
    _layer(canvas, *layers[-1], chance)
    return canvas.png()


@functools.cache
def mark(colour, size=96):
    """A small round sign for the head of a newsletter."""
    canvas = Canvas(size, size)
    canvas.box(0, 0, size, size, (255, 255, 255))
    canvas.disc(size / 2, size / 2, size / 2 - 1, colour)
    canvas.disc(size / 2, size / 2, size / 4, (255, 255, 255))
    canvas.disc(size * 0.58, size * 0.42, size / 5, colour)
    return canvas.png()
