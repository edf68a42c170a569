#!/usr/bin/env bash
# Sets up and builds what is missing, then opens Whisker on the project that is named, or else the one that was open last, the first time the
# demonstration. Without a display it does the main job on the command line, with the demonstration's pictures. Usage: packaging/run.sh [PROJECT]
set -euo pipefail
project=${1:+$(realpath -- "$1")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packaging/build.sh release
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    exec build/release/bin/whisker ${project:+"$project"}
fi

echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so the window can't open. The same work on the command line:"
command_line=build/release/bin/whisker-cli
run() { printf '\n$ %s\n' "$*"; "$@"; }

if [ -z "$project" ]; then
    data=${XDG_DATA_HOME:-}
    [[ $data == /* ]] || data=$HOME/.local/share # the specification: a relative path is to be ignored
    folder=$data/whisker/Pets
    project=$folder/project.whisker
    if [ ! -e "$project" ]; then # as the window makes it (app/whisker/demonstration.cpp)
        mkdir -p "$folder/pictures"
        cp -r datasets/pets/. "$folder/pictures/"
        run $command_line import "$project" "$folder/pictures"
    fi
fi
model=$(dirname "$project")/demonstration.safetensors
run $command_line train "$project" --out "$model"
run $command_line evaluate "$model" "$project" --split test
run $command_line predict "$model" datasets/pets/cat/Siamese_10*.jpg datasets/pets/dog/beagle_10*.jpg
printf '\nProject: %s\nModel:   %s\nProgram: %s\n' "$project" "$model" "$PWD/$command_line"
