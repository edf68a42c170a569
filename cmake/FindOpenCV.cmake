# OpenCV's three libraries that Whisker links. Debian keeps OpenCVConfig.cmake in libopencv-dev, which brings 600 MB (VTK, HDF5, video codecs) for
# modules that nothing here uses; the headers and libraries are in libopencv-imgcodecs-dev and what it depends on. Components are found by name.
# Makes opencv_<component> for each, and OpenCV_LIBS.
find_path(OpenCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
set(OpenCV_LIBS "")
set(OpenCV_needed OpenCV_INCLUDE_DIR)
foreach(component IN LISTS OpenCV_FIND_COMPONENTS)
    find_library(OpenCV_${component}_LIBRARY opencv_${component})
    list(APPEND OpenCV_needed OpenCV_${component}_LIBRARY)
    mark_as_advanced(OpenCV_${component}_LIBRARY)
    if(OpenCV_INCLUDE_DIR AND OpenCV_${component}_LIBRARY AND NOT TARGET opencv_${component})
        add_library(opencv_${component} SHARED IMPORTED)
        set_target_properties(opencv_${component} PROPERTIES
            IMPORTED_LOCATION "${OpenCV_${component}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${OpenCV_INCLUDE_DIR}")
        if(NOT component STREQUAL "core")
            set_target_properties(opencv_${component} PROPERTIES INTERFACE_LINK_LIBRARIES opencv_core)
        endif()
    endif()
    list(APPEND OpenCV_LIBS opencv_${component})
endforeach()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenCV
    REASON_FAILURE_MESSAGE "Run packaging/setup.sh, which installs libopencv-imgcodecs-dev."
    REQUIRED_VARS ${OpenCV_needed})
mark_as_advanced(OpenCV_INCLUDE_DIR)
unset(OpenCV_needed)
