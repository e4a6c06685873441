"""Copies the file of a package that has one of the pinned hashes: FOLDER TO NAME==VERSION SHA256…

Prints, where there is none, which files of the package have other hashes. Reading folders outside the project is left
to Python, so that set-up itself may read the project alone.
"""

import hashlib
import os
import re
import shutil
import sys

folder, to, package, *hashes = sys.argv[1:]
# Paths are those of the folder in which the task was called; the task itself runs in the project's.
folder = os.path.join(os.environ.get("INIT_CWD", ""), folder)


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def digest(path):
    sha256 = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            sha256.update(block)
    return sha256.hexdigest()


if not os.path.isdir(folder):
    sys.exit(f"no folder {folder}")
prefix = normal(package.replace("==", "-"))
names = sorted(name for name in os.listdir(folder) if normal(name).startswith(prefix))
paths = [path for path in (os.path.join(folder, name) for name in names) if os.path.isfile(path)]
wrong = []
for path in paths:
    found = digest(path)
    if found in hashes:
        shutil.copyfile(path, os.path.join(to, os.path.basename(path)))
        sys.exit(0)
    wrong.append(f"{os.path.basename(path)} with the hash {found}")
sys.exit(", ".join(wrong) or f"no file of {package} in {folder}")
