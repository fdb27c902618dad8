# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# How this project's own targets are compiled; nothing here reaches a consumer.

if(ARBORIST_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(ARBORIST_CCACHE_PROGRAM ccache)
    if(ARBORIST_CCACHE_PROGRAM)
        # Without this ccache refuses whatever uses a precompiled header.
        set(CMAKE_CXX_COMPILER_LAUNCHER
            ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
            ${ARBORIST_CCACHE_PROGRAM})
    endif()
endif()

function(arborist_compile_options target)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
        return()
    endif()
    if(ARBORIST_IS_ROOT)
        target_compile_options(${target} PRIVATE
            -Wall -Wextra -Wpedantic -Wshadow -Woverloaded-virtual
            -Wextra-semi -Wredundant-move -Wsuggest-override)
        if(ARBORIST_WARNINGS_AS_ERRORS)
            target_compile_options(${target} PRIVATE -Werror)
        endif()
    endif()
    if(ARBORIST_SANITIZE)
        target_compile_options(${target} PRIVATE
            -fsanitize=${ARBORIST_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
            # g++ says of itself that instrumented code misleads this one: it finds std::regex wanting.
            $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
        # Whoever links the library needs the runtime as well.
        target_link_options(${target} PUBLIC -fsanitize=${ARBORIST_SANITIZE})
    endif()
endfunction()

# What makes precompiled headers deterministic enough for ccache.
function(arborist_precompile_options target)
    target_compile_options(${target} PRIVATE
        $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
        "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

function(arborist_precompile target header)
    if(ARBORIST_PCH)
        target_precompile_headers(${target} PRIVATE ${header})
        arborist_precompile_options(${target})
    endif()
endfunction()

# Shares what arborist_precompile made for <owner>, which must be compiled in the same way.
function(arborist_precompile_like target owner)
    if(ARBORIST_PCH)
        target_precompile_headers(${target} REUSE_FROM ${owner})
        arborist_precompile_options(${target})
    endif()
endfunction()
