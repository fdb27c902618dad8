# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# The component arborist::testing, for the tests of those who use the library.

file(GLOB testing_sources CONFIGURE_DEPENDS lib/testing/*.cpp)
add_library(arborist_testing ${testing_sources})
add_library(arborist::testing ALIAS arborist_testing)

set_target_properties(arborist_testing PROPERTIES
    EXPORT_NAME testing
    OUTPUT_NAME arborist-testing
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
target_link_libraries(arborist_testing PUBLIC arborist::arborist)
target_compile_definitions(arborist_testing PRIVATE ARBORIST_TESTING_SOURCE=1)
arborist_compile_options(arborist_testing)

get_target_property(type arborist_testing TYPE)
if(type STREQUAL "SHARED_LIBRARY")
    target_compile_definitions(arborist_testing PUBLIC ARBORIST_TESTING_DYN_LINK=1)
    set(ARBORIST_TESTING_PC_DEFINES "-DARBORIST_TESTING_DYN_LINK=1")
endif()
