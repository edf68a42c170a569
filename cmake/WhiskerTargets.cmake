# How every target of Whisker is built: one interface target for language, warnings and sanitizers, and three functions.
add_library(whisker_settings INTERFACE)
target_compile_features(whisker_settings INTERFACE cxx_std_23)
target_include_directories(whisker_settings INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(whisker_settings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast)
if(WHISKER_SANITIZER)
    # Line numbers suffice for reports; GCC's libstdc++ checks its containers' bounds; the first undefined behaviour ends the program.
    set(flags "-fsanitize=${WHISKER_SANITIZER}" -fno-omit-frame-pointer)
    target_compile_options(whisker_settings INTERFACE ${flags} -O1 -g1 -fno-sanitize-recover=all)
    target_compile_definitions(whisker_settings INTERFACE _GLIBCXX_ASSERTIONS)
    target_link_options(whisker_settings INTERFACE ${flags})
endif()

# What every program is linked with. tcmalloc makes LibTorch's CPU paths 2 to 3 times faster than glibc's allocator; sanitizers bring an allocator of their own,
# and begin where OpenMP's waiting is settled.
add_library(whisker_runtime INTERFACE)
if(NOT WHISKER_SANITIZER)
    find_library(WHISKER_TCMALLOC tcmalloc_minimal REQUIRED)
    add_library(whisker_openmp_waiting OBJECT engine/base/openmp_waiting.cpp)
    target_link_libraries(whisker_openmp_waiting PRIVATE whisker_settings)
    target_link_libraries(whisker_runtime INTERFACE $<TARGET_OBJECTS:whisker_openmp_waiting>)
    target_link_options(whisker_runtime INTERFACE -Wl,--no-as-needed "${WHISKER_TCMALLOC}" -Wl,--as-needed)
endif()

# whisker_room(NAME SOURCES file... [PUBLIC lib...] [PRIVATE lib...]): a static library `whisker_NAME`.
function(whisker_room name)
    cmake_parse_arguments(ROOM "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(whisker_${name} STATIC ${ROOM_SOURCES})
    target_link_libraries(whisker_${name} PUBLIC whisker_settings ${ROOM_PUBLIC} PRIVATE ${ROOM_PRIVATE})
endfunction()

# The headers that take longest to read, made ready once: whisker_widgets has those of windows, whisker_test_support those of tests, and the other targets take
# theirs. A file still includes what it uses: the presets dev, asan and tsan do without this.
set(WHISKER_STANDARD_HEADERS <algorithm> <array> <chrono> <cmath> <cstdint> <expected> <filesystem> <functional> <map> <memory> <mutex> <optional> <span> <string>
    <string_view> <thread> <utility> <vector>)
set(WHISKER_WINDOW_HEADERS ${WHISKER_STANDARD_HEADERS} <QAction> <QApplication> <QBoxLayout> <QDateTime> <QEvent> <QLabel> <QLineEdit> <QListView> <QLocale> <QMenu>
    <QPainter> <QScrollArea> <QShortcut> <QStackedWidget> <QThreadPool> <QTimer> <QToolTip>)
set(WHISKER_TEST_HEADERS ${WHISKER_STANDARD_HEADERS} <QTest>)

# whisker_headers(TARGET FROM): takes the precompiled headers of FROM. ccache asks for the option, to serve such files.
function(whisker_headers target from)
    target_precompile_headers(${target} REUSE_FROM ${from})
    target_compile_options(${target} PRIVATE -fpch-preprocess)
endfunction()

# whisker_qt(TARGET): for a target with Qt's windows in it.
function(whisker_qt target)
    set_target_properties(${target} PROPERTIES AUTOMOC ON)
    target_compile_definitions(${target} PRIVATE QT_NO_KEYWORDS)
    whisker_headers(${target} whisker_widgets)
endfunction()

# whisker_program(NAME SOURCES file... LIBRARIES lib...): a program in bin/.
function(whisker_program name)
    cmake_parse_arguments(PROGRAM "" "" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${PROGRAM_SOURCES})
    target_link_libraries(${name} PRIVATE whisker_settings ${PROGRAM_LIBRARIES} whisker_runtime)
endfunction()

set(WHISKER_TEST_ENVIRONMENT
    QT_QPA_PLATFORM=offscreen
    "WHISKER_SHARED_DATA=${CMAKE_SOURCE_DIR}/../shared/data"
    "WHISKER_RESOURCES=${CMAKE_BINARY_DIR}/share/whisker"
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
    "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/sanitizers/thread.supp:second_deadlock_stack=1"
    UBSAN_OPTIONS=print_stacktrace=1)

# whisker_test(NAME [TIMEOUT seconds] [WINDOW] LIBRARIES lib...): a Qt Test program from NAME.cpp; WINDOW tests run offscreen. Those that may take longer than
# others begin first, so that none of them is left over when all else is done.
function(whisker_test name)
    cmake_parse_arguments(TEST "WINDOW" "TIMEOUT" "LIBRARIES" ${ARGN})
    set(headers whisker_test_support)
    if(TEST_WINDOW)
        set(headers whisker_widgets)
    endif()
    add_executable(${name} ${name}.cpp)
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_compile_definitions(${name} PRIVATE QT_NO_KEYWORDS)
    whisker_headers(${name} ${headers})
    target_link_libraries(${name} PRIVATE whisker_settings whisker_test_support ${TEST_LIBRARIES} Qt6::Test whisker_runtime)
    set(cost 0) # as long as it took the last time
    if(TEST_TIMEOUT)
        set(cost ${TEST_TIMEOUT})
    else()
        set(TEST_TIMEOUT 120)
    endif()
    if(WHISKER_SANITIZER)
        math(EXPR TEST_TIMEOUT "${TEST_TIMEOUT} * 10")
    endif()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} COST ${cost} ENVIRONMENT "${WHISKER_TEST_ENVIRONMENT}")
endfunction()
