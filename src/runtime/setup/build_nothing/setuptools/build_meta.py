"""Stands in for setuptools while pip downloads a source archive.

pip asks an archive's build system for its name and version, even if it is only to download it. With setuptools that
would run the archive's setup.py, and fetch setuptools first. The archive says the same in PKG-INFO.
"""

import os
import shutil
import sys
from email.parser import HeaderParser


def prepare_metadata_for_build_wheel(directory, config_settings=None):
    with open("PKG-INFO", encoding="utf-8") as file:
        headers = HeaderParser().parse(file)
    folder = f"{headers['Name']}-{headers['Version']}.dist-info"
    os.mkdir(os.path.join(directory, folder))
    shutil.copy("PKG-INFO", os.path.join(directory, folder, "METADATA"))
    return folder


# pip's name for the build system of an archive without a pyproject.toml.
__legacy__ = sys.modules[__name__]
