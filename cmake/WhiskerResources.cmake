# Lays what the programs read at run time where they look for it: share/whisker beside bin/ (engine/base/locations.h), as links into the checkout.
set(WHISKER_WEIGHTS_DIR "${CMAKE_SOURCE_DIR}/.deps/weights" CACHE PATH "Folder with lite0.safetensors")
if(NOT EXISTS "${WHISKER_WEIGHTS_DIR}/lite0.safetensors")
    message(FATAL_ERROR "${WHISKER_WEIGHTS_DIR}/lite0.safetensors is not there: run packaging/setup.sh, which fetches and converts it.")
endif()
set(WHISKER_RESOURCES_DIR "${CMAKE_BINARY_DIR}/share/whisker")
file(MAKE_DIRECTORY "${WHISKER_RESOURCES_DIR}")
file(CREATE_LINK "${WHISKER_WEIGHTS_DIR}" "${WHISKER_RESOURCES_DIR}/weights" SYMBOLIC)
file(CREATE_LINK "${CMAKE_SOURCE_DIR}/datasets" "${WHISKER_RESOURCES_DIR}/datasets" SYMBOLIC)
