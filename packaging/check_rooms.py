#!/usr/bin/env python3
"""Fails where an include goes against the order of Whisker's rooms: app -> ui -> widgets and engine; the rooms of the engine as in ROOMS; no page of the
window knows another; what is internal stays inside.
Usage: check_rooms.py [FOLDER]. One finding a line, "file:line: what is wrong"; exit status 1 where there is one. Python's standard library alone."""
import pathlib
import re
import sys

MAY_INCLUDE = {
    "app": {"app", "ui", "widgets", "engine"},
    "ui": {"ui", "widgets", "engine"},
    "widgets": {"widgets"},
    "engine": {"engine"},
}
# Each room of the engine with the rooms it may use.
ROOMS = {
    "base": set(),
    "image": {"base"},
    "data": {"base", "image"},
    "nn": {"base"},
    "train": {"base", "image", "data", "nn"},
    "evaluate": {"base", "image", "data", "nn", "train"},
    "predict": {"base", "image", "data", "nn", "train", "evaluate"},
    "interop": {"base", "image", "data", "nn", "train", "evaluate", "predict"},
}
# The trainable module is LibTorch's own type, so it can't stand in an interface; whoever trains or looks into networks needs it.
MAY_SHARE_INTERNALS = {("nn", room) for room in ("train", "evaluate", "predict", "interop")}
# A library's headers, where they may be included, and whether a header may do it only when it is an internal one.
LIBRARIES = [
    ("LibTorch", re.compile(r"(torch|ATen|c10)/"), {"nn", "train", "evaluate", "predict", "interop"}, True),
    ("OpenCV", re.compile(r"(opencv2|opencv)/"), {"image", "data", "train", "evaluate", "predict"}, True),
    ("SQLite", re.compile(r"(SQLiteCpp/|sqlite3)"), {"data"}, True),
    ("QCustomPlot", re.compile(r"qcustomplot"), {"widgets"}, False),
    ("Qt", re.compile(r"(Q[A-Z]\w*(/|$)|Qt\w*/|q[a-z]+\.h$)"), {"app", "ui", "widgets"}, False),
]
INCLUDE = re.compile(r'\s*#\s*include\s*([<"])([^>"]+)[>"]')
GENERATED = re.compile(r"(^|/)(moc_\w+\.cpp|ui_\w+\.h|\w+\.moc)$")


def room_of(path):
    """What the rules call the place of a file or an include: a room of the engine, or the top folder."""
    parts = path.split("/")
    return parts[1] if parts[0] == "engine" and len(parts) > 2 else parts[0]


def is_internal(name):
    return "/internal/" in name


def page_of(name):
    """The page of the window that a file of ui/ belongs to, or None."""
    parts = name.split("/")
    return parts[1] if parts[0] == "ui" and len(parts) > 2 else None


def against_privacy(name, included):
    """The sentence about an internal header where it does not belong, or about a page that knows another; or None."""
    if is_internal(included):
        if room_of(name) != room_of(included) and (room_of(included), room_of(name)) not in MAY_SHARE_INTERNALS:
            return f"{included} is internal to {room_of(included)}"
        if name.endswith((".h", ".hpp")) and not is_internal(name):
            return f"an internal header in an interface: {included}"
    page, other_page = page_of(name), page_of(included)
    if name.startswith("ui/") and other_page and page != other_page:
        return f"{'page ' + page if page else 'what all pages share'} may not know page {other_page}: {included}"
    return None


def against_the_order(name, included):
    """The sentence about an include of the repository's own, or None."""
    top, other_top = name.split("/")[0], included.split("/")[0]
    if other_top not in MAY_INCLUDE[top]:
        return f"{top}/ may not include {included}"
    if top != "engine":
        return None
    room, other = room_of(name), room_of(included)
    if room not in ROOMS:
        return f"room {room} is not in the order of packaging/check_rooms.py"
    if other != room and other not in ROOMS[room]:
        return f"room {room} may not include {included}"
    return None


def library_out_of_place(name, included):
    """The sentence about a library's header, or None."""
    for library, pattern, rooms, only_internal in LIBRARIES:
        if not pattern.match(included):
            continue
        if room_of(name) not in rooms:
            return f"{library} does not belong here: {included}"
        if only_internal and name.endswith((".h", ".hpp")) and not is_internal(name):
            return f"{library} in a public header: {included}"
    return None


def findings(root):
    """(file, line, sentence) of each include that breaks a rule, in the order of the files' names."""
    for path in sorted(p for top in MAY_INCLUDE for p in (root / top).rglob("*")):
        if path.suffix not in (".h", ".hpp", ".cpp", ".cc") or not path.is_file():
            continue
        name = path.relative_to(root).as_posix()
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or GENERATED.search(match[2]):
                continue
            quoted, included = match[1] == '"', match[2]
            own = included.split("/")[0] in set(MAY_INCLUDE) | {"tests"}
            if own:
                sentence = against_the_order(name, included) or against_privacy(name, included)
            else:
                sentence = library_out_of_place(name, included)
                if not sentence and quoted:
                    sentence = f'write an own header from the root of the repository, a library\'s in <>: "{included}"'
            if sentence:
                yield name, number, sentence


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    if not (root / "engine").is_dir():
        print(f"{root}: there is no engine/ here, so nothing to check")
        return 1
    found = [f"{name}:{number}: {sentence}" for name, number, sentence in findings(root)]
    print("\n".join(found) if found else "Every include keeps to the order of the rooms.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
