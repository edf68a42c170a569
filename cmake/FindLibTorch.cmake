# LibTorch as the PyPI wheel lays it out, unpacked by packaging/setup.sh. The wheel's own TorchConfig.cmake asks for a CUDA toolkit where the
# wheel was built for CUDA; Whisker links torch_cpu and c10 alone and opens the CUDA library at run time, so it needs neither.
# Makes LibTorch::LibTorch, and LibTorch::CUDA where packaging/setup.sh --cuda has brought what that needs.
set(WHISKER_TORCH_DIR "${CMAKE_SOURCE_DIR}/.deps/torch" CACHE PATH "Folder with LibTorch's include/ and lib/")
find_path(LibTorch_INCLUDE_DIR torch/csrc/api/include/torch/torch.h PATHS "${WHISKER_TORCH_DIR}/include" NO_DEFAULT_PATH)
find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS "${WHISKER_TORCH_DIR}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 PATHS "${WHISKER_TORCH_DIR}/lib" NO_DEFAULT_PATH)
file(GLOB LibTorch_OPENMP_LIBRARY "${WHISKER_TORCH_DIR}/lib/libgomp*.so*") # its threads; a second OpenMP beside it would have threads of its own
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
    REASON_FAILURE_MESSAGE "Run packaging/setup.sh, which puts LibTorch into .deps/torch."
    REQUIRED_VARS LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_OPENMP_LIBRARY LibTorch_INCLUDE_DIR)
if(LibTorch_FOUND AND NOT TARGET LibTorch::LibTorch)
    add_library(LibTorch::c10 SHARED IMPORTED)
    set_target_properties(LibTorch::c10 PROPERTIES IMPORTED_LOCATION "${LibTorch_C10_LIBRARY}")
    add_library(LibTorch::LibTorch SHARED IMPORTED)
    set_target_properties(LibTorch::LibTorch PROPERTIES
        IMPORTED_LOCATION "${LibTorch_CPU_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${LibTorch_INCLUDE_DIR};${LibTorch_INCLUDE_DIR}/torch/csrc/api/include"
        INTERFACE_LINK_LIBRARIES "LibTorch::c10;${LibTorch_OPENMP_LIBRARY}")
endif()

find_library(LibTorch_CUDA_LIBRARY torch_cuda PATHS "${WHISKER_TORCH_DIR}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda PATHS "${WHISKER_TORCH_DIR}/lib" NO_DEFAULT_PATH)
find_library(LibTorch_CUDART_LIBRARY NAMES libcudart.so.13 libcudart.so.12 PATHS "${WHISKER_TORCH_DIR}/lib" NO_DEFAULT_PATH)
find_path(LibTorch_CUDA_INCLUDE_DIR crt/host_defines.h PATHS "${WHISKER_TORCH_DIR}/cuda" NO_DEFAULT_PATH)
if(LibTorch_FOUND AND LibTorch_CUDA_LIBRARY AND LibTorch_C10_CUDA_LIBRARY AND LibTorch_CUDART_LIBRARY AND LibTorch_CUDA_INCLUDE_DIR AND NOT TARGET LibTorch::CUDA)
    add_library(LibTorch::CUDA INTERFACE IMPORTED)
    target_include_directories(LibTorch::CUDA INTERFACE "${LibTorch_CUDA_INCLUDE_DIR}")
    target_link_libraries(LibTorch::CUDA INTERFACE "${LibTorch_CUDA_LIBRARY}" "${LibTorch_C10_CUDA_LIBRARY}" "${LibTorch_CUDART_LIBRARY}" LibTorch::LibTorch)
    # What libtorch_cuda.so itself needs is found when it is opened.
    target_link_options(LibTorch::CUDA INTERFACE -Wl,--allow-shlib-undefined -Wl,--no-undefined)
endif()
mark_as_advanced(LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY LibTorch_CUDA_LIBRARY LibTorch_C10_CUDA_LIBRARY LibTorch_CUDART_LIBRARY
    LibTorch_CUDA_INCLUDE_DIR)
