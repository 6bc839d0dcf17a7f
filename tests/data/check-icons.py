#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every icon the program names can be drawn: it is Pinion's own and well made, or Adwaita has it.

usage: check-icons.py ROOT
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
ADWAITA = pathlib.Path("/usr/share/icons/Adwaita/symbolic")
NAMED = re.compile(r'"([a-z0-9][a-z0-9-]*-symbolic)"')


def check_drawing(path, size, symbolic):
    """Yields what is wrong with one SVG."""
    root = ET.parse(path).getroot()
    if root.get("viewBox") != f"0 0 {size} {size}":
        yield f"{path.name}: the view box is not {size} by {size}"
    if not symbolic:
        return
    for element in root.iter():
        if element.tag not in (SVG + "svg", SVG + "g", SVG + "path"):
            yield f"{path.name}: only filled paths take the colour of the text, not {element.tag}"
        if element.get("stroke"):
            yield f"{path.name}: a stroke is filled when GTK colours it"


def check_bundle(data, drawings):
    """Yields drawings that are not in the resource, and the reverse."""
    bundle = next(data.glob("*.icons.gresource.xml"))
    listed = {element.text for element in ET.parse(bundle).iter("file")}
    drawn = {str(path.relative_to(data)) for path in drawings}
    for name in sorted(drawn - listed):
        yield f"{bundle.name} lacks {name}"
    for name in sorted(listed - drawn):
        yield f"{bundle.name} names {name}, which is not there"


def check_names(src, own):
    """Yields icon names in the sources that nobody has drawn."""
    adwaita = {path.stem for path in ADWAITA.rglob("*-symbolic.svg")}
    for path in sorted(src.rglob("*")):
        if path.suffix not in (".c", ".h", ".blp", ".ui"):
            continue
        for name in NAMED.findall(path.read_text(encoding="utf-8")):
            if name not in own and (adwaita or name.startswith("pinion-")) and name not in adwaita:
                yield f"{path.relative_to(src)}: no icon is called {name}"


def main():
    root = pathlib.Path(sys.argv[1])
    data = root / "data"
    drawings = sorted((data / "icons").rglob("*.svg"))
    problems = []
    for path in drawings:
        symbolic = "-symbolic" in path.stem
        problems += check_drawing(path, 16 if symbolic else 128, symbolic)
    problems += check_bundle(data, drawings)
    problems += check_names(root / "src", {path.stem for path in drawings})
    for problem in problems:
        print(problem)
    return 1 if problems or not drawings else 0


if __name__ == "__main__":
    sys.exit(main())
