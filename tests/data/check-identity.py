#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that name the program all name the same one, and the Flatpak asks for no more than it needs.

usage: check-identity.py ROOT APP_ID VERSION
"""

import configparser
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

# What the sandbox is opened for, and why. Files, notifications and the background go by portals.
RIGHTS = {
    "--share=network": "the mail servers",
    "--share=ipc": "X11 shared memory",
    "--socket=wayland": "the window",
    "--socket=fallback-x11": "the window where there is no Wayland",
    "--device=dri": "drawing",
    "--talk-name=org.freedesktop.secrets": "the password",
}


def same(problems, what, found, wanted):
    if found != wanted:
        problems.append(f"{what} is {found!r}, not {wanted!r}")


def check_manifest(problems, path, app_id):
    manifest = json.loads(path.read_text(encoding="utf-8"))
    same(problems, "the manifest's id", manifest["id"], app_id)
    same(problems, "the manifest's command", manifest["command"], "pinion")
    same(problems, "the runtime", manifest["runtime"], "org.gnome.Platform")
    same(problems, "the SDK", manifest["sdk"], "org.gnome.Sdk")
    same(problems, "the sandbox's rights", sorted(manifest["finish-args"]), sorted(RIGHTS))
    same(problems, "the last module", manifest["modules"][-1]["name"], "pinion")
    for module in manifest["modules"]:
        for source in module["sources"]:
            pinned = source["type"] == "dir" or "sha256" in source or "commit" in source
            same(problems, f"module {module['name']} is pinned", pinned, True)


def check_desktop(problems, path, app_id):
    entry = configparser.ConfigParser(interpolation=None, strict=True)
    entry.optionxform = str
    entry.read(path, encoding="utf-8")
    main = entry["Desktop Entry"]
    same(problems, "the desktop entry's icon", main["Icon"], app_id)
    same(problems, "the desktop entry's program", main["Exec"].split()[0], "pinion")
    for action in filter(None, main["Actions"].split(";")):
        same(problems, f"action {action} is described", f"Desktop Action {action}" in entry, True)
    return set(filter(None, main["MimeType"].split(";")))


def check_metainfo(problems, path, app_id, version, types):
    component = ET.parse(path).getroot()
    same(problems, "the metadata's id", component.findtext("id"), app_id)
    same(problems, "the desktop file named", component.findtext("launchable"), f"{app_id}.desktop")
    same(problems, "the licence", component.findtext("project_license"), "GPL-3.0-or-later")
    same(problems, "the newest release", component.find("releases/release").get("version"), version)
    provided = {element.text for element in component.findall("provides/mediatype")}
    same(problems, "the types it opens", sorted(provided), sorted(types))


def check_gschema(problems, path, app_id):
    schema = ET.parse(path).getroot().find("schema")
    same(problems, "the schema's id", schema.get("id"), app_id)
    same(problems, "the schema's path", schema.get("path"), f"/{app_id.replace('.', '/')}/")


def check_settings(problems, path, src):
    """A key that is not in the schema ends the program, so each one used is looked up here.

    Keys of another schema are asked for with g_settings_schema_has_key() first, and left alone."""
    keys = {key.get("name") for key in ET.parse(path).getroot().iter("key")}
    used = re.compile(r'g_settings_(?:get|set|bind|reset|create_action)\w* \(\s*[^,()]+,\s*"([^"]+)"')
    guarded = re.compile(r'g_settings_schema_has_key \(\s*[^,()]+,\s*"([^"]+)"')
    for source in sorted(src.rglob("*.c")):
        text = source.read_text(encoding="utf-8")
        for key in sorted(set(used.findall(text)) - set(guarded.findall(text))):
            same(problems, f"{source.name}'s setting {key} is in the schema", key in keys, True)


def check_service(problems, path, app_id):
    service = configparser.ConfigParser(interpolation=None)
    service.read(path, encoding="utf-8")
    same(problems, "the bus name", service["D-BUS Service"]["Name"], app_id)


def main():
    root, app_id, version = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    data, problems = root / "data", []
    check_manifest(problems, root / "flatpak" / f"{app_id}.json", app_id)
    types = check_desktop(problems, data / f"{app_id}.desktop.in", app_id)
    check_metainfo(problems, data / f"{app_id}.metainfo.xml.in", app_id, version, types)
    check_gschema(problems, data / f"{app_id}.gschema.xml", app_id)
    check_settings(problems, data / f"{app_id}.gschema.xml", root / "src")
    check_service(problems, data / f"{app_id}.service.in", app_id)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
