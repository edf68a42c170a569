#!/usr/bin/env python3
"""Unpacks what a C++ program needs of PyPI's wheels: of torch its include/ and lib/, of NVIDIA's wheels their shared libraries, into OUT/lib.
Usage: unpack_torch.py FOLDER_OF_WHEELS OUT. Prints the CUDA version ("13.0") that a torch wheel was built for, nothing for a CPU build."""
import pathlib
import re
import shutil
import sys
import zipfile


def target_of(member):
    """Where a file of a wheel goes below OUT, or None for one that isn't needed."""
    if re.match(r"torch/(include|lib)/", member):
        return member.removeprefix("torch/")
    if re.match(r"nvidia/.*/lib/lib[^/]+\.so[^/]*$", member):
        return "lib/" + member.rsplit("/", 1)[1]
    return None


def cuda_version(archive):
    if "torch/version.py" not in archive.namelist():
        return None
    match = re.search(r"^cuda\b[^=]*=\s*['\"]([\d.]+)['\"]", archive.read("torch/version.py").decode(), re.MULTILINE)
    return match and match[1]


def main():
    wheels, out = map(pathlib.Path, sys.argv[1:3])
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                target = target_of(info.filename)
                if not target or info.is_dir():
                    continue
                file = out / target
                file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, open(file, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
            if cuda_version(archive):
                print(cuda_version(archive))
        wheel.unlink()  # its contents lie unpacked: half the space


main()
