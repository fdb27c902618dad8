# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# The component arborist::accounting: whoever links it has switched accounting on.

set(kind)
if(ARBORIST_SANITIZE)
    # The sanitizers replace operator new as well, and come before every shared library.
    set(kind STATIC)
endif()
file(GLOB accounting_sources CONFIGURE_DEPENDS lib/accounting/*.cpp)
add_library(arborist_accounting ${kind} ${accounting_sources})
add_library(arborist::accounting ALIAS arborist_accounting)

set_target_properties(arborist_accounting PROPERTIES
    EXPORT_NAME accounting
    OUTPUT_NAME arborist-accounting
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
    CXX_EXTENSIONS OFF
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
target_link_libraries(arborist_accounting PUBLIC arborist::arborist)
target_compile_definitions(arborist_accounting PRIVATE ARBORIST_ACCOUNTING_SOURCE=1)
arborist_compile_options(arborist_accounting)

get_target_property(type arborist_accounting TYPE)
if(type STREQUAL "SHARED_LIBRARY")
    target_compile_definitions(arborist_accounting PUBLIC ARBORIST_ACCOUNTING_DYN_LINK=1)
    set(ARBORIST_ACCOUNTING_PC_DEFINES "-DARBORIST_ACCOUNTING_DYN_LINK=1")
elseif(UNIX AND NOT APPLE)
    # Take it from the archive even if all that the program needs was found before.
    set(ARBORIST_ACCOUNTING_PC_LIBS "-Wl,-u,arborist_accounting ")
    target_link_options(arborist_accounting INTERFACE "LINKER:-u,arborist_accounting")
endif()

if(ARBORIST_SANITIZE MATCHES "thread")
    # In the static runtime of this sanitizer operator new cannot be replaced.
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libclang_rt.tsan-x86_64.so
        OUTPUT_VARIABLE runtime OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    get_filename_component(runtime_dir ${runtime} DIRECTORY)
    target_link_options(arborist_accounting INTERFACE
        -shared-libsan "LINKER:-rpath,${runtime_dir}")
endif()
