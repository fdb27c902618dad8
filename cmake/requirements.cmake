# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# What must be there before anything can be built.  What is missing is said in a sentence, with the
# command that brings it.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
    message(FATAL_ERROR
        "arborist needs g++ 12 or newer, or clang++ 19 or newer; this is g++ "
        "${CMAKE_CXX_COMPILER_VERSION}. On Debian 12: apt-get install g++")
endif()

# arborist_require_boost(<purpose> <packages> <component>...)
#
# Finds components of Boost, or stops and says what <purpose> needs and which Debian packages have
# it. A super-project of Boost, or a consumer that did add_subdirectory on Boost, has the targets
# already. A macro, so that the imported targets are visible in the caller's directory.
macro(arborist_require_boost purpose packages)
    set(missing)
    foreach(component ${ARGN})
        if(NOT TARGET Boost::${component})
            list(APPEND missing ${component})
        endif()
    endforeach()
    if(missing)
        find_package(Boost 1.81 CONFIG QUIET COMPONENTS ${missing})
        if(NOT Boost_FOUND)
            string(REPLACE ";" ", " missing "${missing}")
            message(FATAL_ERROR
                "${purpose} needs Boost 1.81 or newer with: ${missing}. "
                "On Debian 12: apt-get install ${packages}. "
                "A Boost elsewhere: -DCMAKE_PREFIX_PATH=<where it is installed>")
        endif()
    endif()
    unset(missing)
endmacro()

# arborist_require_zlib(<purpose>)
macro(arborist_require_zlib purpose)
    if(NOT TARGET ZLIB::ZLIB)
        find_package(ZLIB QUIET)
        if(NOT ZLIB_FOUND)
            message(FATAL_ERROR
                "${purpose} needs zlib. On Debian 12: apt-get install zlib1g-dev. "
                "Elsewhere: -DZLIB_ROOT=<where it is installed>")
        endif()
    endif()
endmacro()

arborist_require_boost("arborist"
    "libboost1.81-dev libboost-json1.81-dev libboost-log1.81-dev libboost-thread1.81-dev"
    headers json log thread)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

if(ARBORIST_SANITIZE)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        message(FATAL_ERROR "ARBORIST_SANITIZE needs g++ or clang++, not ${CMAKE_CXX_COMPILER_ID}")
    endif()
    if(ARBORIST_SANITIZE MATCHES "thread")
        if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
            message(FATAL_ERROR
                "The thread sanitizer needs clang++ 19 or newer, not ${CMAKE_CXX_COMPILER_ID} "
                "${CMAKE_CXX_COMPILER_VERSION}: that of g++ does not model the fences that Asio "
                "uses, and older clangs miscompile coroutines that change threads. "
                "On Debian 12: apt-get install clang-19 libclang-rt-19-dev, then "
                "-DCMAKE_CXX_COMPILER=clang++-19")
        endif()
    endif()

    include(CheckCXXSourceCompiles)
    set(CMAKE_REQUIRED_FLAGS -fsanitize=${ARBORIST_SANITIZE})
    set(CMAKE_REQUIRED_LINK_OPTIONS -fsanitize=${ARBORIST_SANITIZE})
    check_cxx_source_compiles("int main() {}" ARBORIST_SANITIZER_WORKS)
    unset(CMAKE_REQUIRED_FLAGS)
    unset(CMAKE_REQUIRED_LINK_OPTIONS)
    if(NOT ARBORIST_SANITIZER_WORKS)
        message(FATAL_ERROR
            "${CMAKE_CXX_COMPILER} cannot link with -fsanitize=${ARBORIST_SANITIZE}: its runtime "
            "library is missing. On Debian 12: apt-get install libclang-rt-19-dev for clang++-19; "
            "g++ brings its own")
    endif()
endif()
