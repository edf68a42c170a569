#!/usr/bin/env python3
"""Unpacks what a C++ program needs of PyPI's wheels: of torch its include/ and lib/, of NVIDIA's wheels their shared libraries, into OUT/lib, and of CUDA's
runtime the headers, into OUT/cuda.
Usage: unpack_torch.py FOLDER_OF_WHEELS OUT. For a torch wheel that was built for CUDA it prints that version ("13.0") and then, a line each, what of NVIDIA's the wheel
requires; nothing for a CPU build."""
import pathlib
import re
import shutil
import sys
import zipfile


def target_of(wheel, member):
    """Where a file of a wheel goes below OUT, or None for one that isn't needed."""
    if re.match(r"torch/(include|lib)/", member):
        return member.removeprefix("torch/")
    if re.match(r"nvidia/.*/lib/lib[^/]+\.so[^/]*$", member):
        return "lib/" + member.rsplit("/", 1)[1]
    if wheel.startswith(("nvidia_cuda_runtime-", "nvidia_cuda_crt-")) and re.match(r"nvidia/[^/]+/include/", member):
        return "cuda/" + member.split("/include/", 1)[1]
    return None


def cuda_version(archive):
    if "torch/version.py" not in archive.namelist():
        return None
    match = re.search(r"^cuda\b[^=]*=\s*['\"]([\d.]+)['\"]", archive.read("torch/version.py").decode(), re.MULTILINE)
    return match and match[1]


def requirements(archive):
    """Of NVIDIA's packages, without the conditions under which they are required."""
    for name in archive.namelist():
        if re.fullmatch(r"torch-[^/]*\.dist-info/METADATA", name):
            yield from re.findall(r"^Requires-Dist: ((?:cuda-toolkit|nvidia-)[^\s;]*)", archive.read(name).decode(), re.MULTILINE)


def main():
    wheels, out = map(pathlib.Path, sys.argv[1:3])
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                target = target_of(wheel.name, info.filename)
                if not target or info.is_dir():
                    continue
                file = out / target
                file.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, open(file, "wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
            if cuda_version(archive):
                print(cuda_version(archive), *requirements(archive), sep="\n")
        wheel.unlink()  # its contents lie unpacked: half the space


main()
