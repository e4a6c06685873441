"""Unpacks chosen members of wheels and source archives: python3 unpack.py FOLDER PLAN ARCHIVE...

PLAN is JSON: {"members": {beginning of a member's name: what replaces it below FOLDER}, "inner": an archive inside
the archive to unpack instead of it (optional), "parts": the member of each archive that is a part of a zip archive to
unpack instead of them (optional)}. Streams, so a member may be larger than memory. Exit code 3: an archive is damaged
or not what was expected, with the reason on stderr.
"""

import gzip
import json
import os
import shutil
import sys
import tarfile
import tempfile
import zipfile
import zlib


def members(archive, name):
    """Yields (name, function that opens it) of each file in a zip or tar archive."""
    if name.endswith((".whl", ".zip")):
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                if not info.is_dir():
                    yield info.filename, lambda: opened.open(info)
    else:
        with tarfile.open(fileobj=archive) as opened:
            for info in opened:
                if not info.isdir():
                    yield info.name, lambda: opened.extractfile(info) if info.isfile() else None


def unpack(archive, name, folder, plan):
    """Returns the keys of the plan's members that occurred."""
    if "inner" in plan:
        for member, open_member in members(archive, name):
            if member == plan["inner"]:
                with open_member() as inner:
                    return unpack(inner, member, folder, {"members": plan["members"]})
        raise ValueError(f"there is no {plan['inner']} in it")

    found = set()
    for member, open_member in members(archive, name):
        prefix = next((prefix for prefix in plan["members"] if member.startswith(prefix)), None)
        if prefix is not None:
            found.add(prefix)
            write(open_member, inside(folder, plan["members"][prefix] + member[len(prefix) :], member))
    return found


def joined(archives, parts, folder):
    """Returns a file without a name that holds the archives' parts one after the other."""
    whole = tempfile.TemporaryFile(dir=folder)
    for path, part in zip(archives, parts):
        with open(path, "rb") as archive:
            for member, open_member in members(archive, path):
                if member == part:
                    with open_member() as source:
                        shutil.copyfileobj(source, whole, 1 << 20)
                    break
            else:
                raise ValueError(f"there is no {part} in it")
    return whole


def inside(folder, path, member):
    target = os.path.normpath(os.path.join(folder, path))
    if os.path.commonpath([folder, target]) != folder:
        raise ValueError(f"its member {member} would leave the folder")
    return target


def write(open_member, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    source = open_member()
    if source is None:
        raise ValueError(f"its member for {os.path.basename(target)} is not a file")
    with source, open(target, "xb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def main(folder, plan, *archives):
    folder, plan = os.path.realpath(folder), json.loads(plan)
    missing = set(plan["members"])
    if "parts" in plan:
        with joined(archives, plan["parts"], folder) as file:
            missing -= unpack(file, "joined.zip", folder, plan)
    else:
        for archive in archives:
            with open(archive, "rb") as file:
                missing -= unpack(file, archive, folder, plan)
    if missing:
        raise ValueError(f"there is no {', '.join(sorted(missing))} in it")


try:
    main(*sys.argv[1:])
except (ValueError, EOFError, zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error) as error:
    print(error, file=sys.stderr)
    sys.exit(3)
