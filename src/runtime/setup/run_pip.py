"""Runs pip with those of the user's settings that say how to reach packages, and with no others.

A constraint, a target folder or a choice of binaries that is meant for other projects would change which file is
downloaded and where to, or make pip fail with a message that leads astray.
"""

import ast
import os
import subprocess
import sys

REACH = {
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host"),
    *("proxy", "cert", "client-cert", "keyring-provider", "use-deprecated", "use-feature"),
    *("timeout", "default-timeout", "retries", "cache-dir", "no-cache-dir"),
}

# Without -E, a module on the user's PYTHONPATH could stand in the way of pip's own.
PIP = [sys.executable, "-E", "-m", "pip"]

others = {key: value for key, value in os.environ.items() if not key.upper().startswith("PIP_")}


def settings_of_files():
    """The settings in pip's configuration files: those for downloads go before those for all commands."""
    files = {"PIP_CONFIG_FILE": os.environ["PIP_CONFIG_FILE"]} if "PIP_CONFIG_FILE" in os.environ else {}
    listed = subprocess.run(PIP + ["config", "list"], env={**others, **files}, stdout=subprocess.PIPE)
    if listed.returncode != 0:
        sys.exit("the configuration of pip could not be read")
    settings = {"global": {}, "download": {}}
    for line in listed.stdout.decode(errors="replace").splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.partition(".")
        if section in settings:
            settings[section][name] = ast.literal_eval(value)
    return {**settings["global"], **settings["download"]}


def settings_of_environment():
    return {
        key[len("PIP_") :].lower().replace("_", "-"): value
        for key, value in os.environ.items()
        if key.startswith("PIP_") and value
    }


if sys.argv[1:] == ["--version"]:
    reach = {}
else:
    settings = {**settings_of_files(), **settings_of_environment()}
    reach = {name: value for name, value in settings.items() if name in REACH}
    # Without a second attempt, pip doesn't say that it had no connection.
    if reach.get("retries") == "0":
        reach["retries"] = "1"

ours = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PIP_NO_INPUT": "1",
    "PIP_REQUIRE_VIRTUALENV": "0",
    # pip asks `build_nothing` for a source archive's name and version instead of running its setup.py.
    "PIP_USE_PEP517": "1",
    "PYTHONPATH": os.path.join(os.path.dirname(os.path.abspath(__file__)), "build_nothing"),
}
environment = {**others, **{"PIP_" + name.upper().replace("-", "_"): value for name, value in reach.items()}, **ours}
os.dup2(2, 1)  # pip prints some of its complaints to stdout
os.execve(sys.executable, PIP + sys.argv[1:], environment)
