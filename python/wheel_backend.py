# Part of the DSA compiler, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Builds the wheel: the package, and the C libraries of the build beside it.

The libraries are those of ../build/lib, which scripts/build makes if they are missing, or of
the folder that `--config-settings library-dir=…` names.
"""

import base64
import hashlib
import os
import pathlib
import subprocess
import sysconfig
import tarfile
import zipfile

_HERE = pathlib.Path(__file__).resolve().parent
_LIBRARIES = {"libDSACAPI.so": "DSACAPI", "libDSALaunch.so": "DSALaunch"}


def _project() -> dict:
    try:
        import tomllib
    except ImportError:  # before Python 3.11
        from pip._vendor import tomli as tomllib
    return tomllib.loads((_HERE / "pyproject.toml").read_text())["project"]


def _tag() -> str:
    # No extension module, and so any Python; machine code, and so this platform.
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"py3-none-{platform}"


def _stem(project: dict) -> str:
    return f"{project['name'].replace('-', '_')}-{project['version']}"


def _metadata(project: dict) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {project['name']}",
        f"Version: {project['version']}",
        f"Summary: {project['description']}",
        f"License: {project['license']}",
        f"Requires-Python: {project['requires-python']}",
    ]
    lines += [f"Requires-Dist: {name}" for name in project["dependencies"]]
    for extra, names in project["optional-dependencies"].items():
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {name}; extra == '{extra}'" for name in names]
    return "\n".join(lines) + "\n"


def _wheel() -> str:
    return (
        "Wheel-Version: 1.0\nGenerator: wheel_backend\nRoot-Is-Purelib: false\n"
        f"Tag: {_tag()}\n"
    )


def _libraries(settings: dict) -> dict[str, pathlib.Path]:
    folder = settings.get("library-dir")
    if folder is None:
        root = _HERE.parent
        folder = root / "build" / "lib"
        if not all((folder / name).exists() for name in _LIBRARIES):
            subprocess.run(
                [root / "scripts" / "build", *_LIBRARIES.values()], check=True
            )
    paths = {name: pathlib.Path(folder) / name for name in _LIBRARIES}
    for path in paths.values():
        if not path.exists():
            raise FileNotFoundError(f"expected the library '{path}', found none")
    return paths


class _Archive:
    """A wheel, which lists what it holds."""

    def __init__(self, path: str):
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._record: list[str] = []

    def add(self, name: str, contents: bytes, mode: int = 0o644) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr, info.compress_type = mode << 16, zipfile.ZIP_DEFLATED
        self._zip.writestr(info, contents)
        digest = base64.urlsafe_b64encode(hashlib.sha256(contents).digest())
        self._record.append(
            f"{name},sha256={digest.rstrip(b'=').decode()},{len(contents)}"
        )

    def close(self, record: str) -> None:
        self._zip.writestr(record, "\n".join([*self._record, f"{record},,"]) + "\n")
        self._zip.close()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    project, libraries = _project(), _libraries(config_settings or {})
    stem = _stem(project)
    name = f"{stem}-{_tag()}.whl"
    archive = _Archive(os.path.join(wheel_directory, name))
    for source in sorted((_HERE / "dsa").rglob("*.py")):
        archive.add(str(source.relative_to(_HERE)), source.read_bytes())
    archive.add("dsa/py.typed", b"")
    for library, path in libraries.items():
        archive.add(f"dsa/_lib/{library}", path.read_bytes(), 0o755)
    info = f"{stem}.dist-info"
    archive.add(f"{info}/METADATA", _metadata(project).encode())
    archive.add(f"{info}/WHEEL", _wheel().encode())
    archive.add(f"{info}/LICENSE", (_HERE.parent / "LICENSE").read_bytes())
    archive.close(f"{info}/RECORD")
    return name


def build_sdist(sdist_directory, config_settings=None):
    stem = _stem(_project())
    path = os.path.join(sdist_directory, f"{stem}.tar.gz")
    with tarfile.open(path, "w:gz") as archive:
        for name in ("dsa", "pyproject.toml", "wheel_backend.py"):
            archive.add(_HERE / name, f"{stem}/{name}")
    return os.path.basename(path)
