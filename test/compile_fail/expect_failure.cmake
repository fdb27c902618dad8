# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# cmake -P expect_failure.cmake -- <source> <compiler> <argument>...
#
# Passes if the command fails, and each "// expect: <regex>" line of <source> matches its output.

set(source ${CMAKE_ARGV4})
set(command)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 5 ${last})
    list(APPEND command "${CMAKE_ARGV${i}}")
endforeach()

file(STRINGS ${source} expectations REGEX "^// expect: ")
if(NOT expectations)
    message(FATAL_ERROR "${source} has no line \"// expect: <regex>\"")
endif()

execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE out)
if(result EQUAL 0)
    message(FATAL_ERROR "${source} compiles, and must not")
endif()
if(NOT result MATCHES "^[0-9]+$")
    message(FATAL_ERROR "the compiler did not run: ${result}")
endif()
foreach(line IN LISTS expectations)
    string(REPLACE "// expect: " "" regex "${line}")
    if(NOT out MATCHES "${regex}")
        message("${out}")
        message(FATAL_ERROR "the compiler did not say: ${regex}")
    endif()
endforeach()
