# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

# cmake -P symbols.cmake -- on|off <nm> <file>...
#
# on: passes if the files have symbols of the accounting component, and define operator new and
# delete. off: passes if they do neither.

set(which ${CMAKE_ARGV4})
set(nm ${CMAKE_ARGV5})
set(symbols)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE 6 ${last})
    execute_process(COMMAND ${nm} -C ${CMAKE_ARGV${i}}
        OUTPUT_VARIABLE out COMMAND_ERROR_IS_FATAL ANY)
    if(NOT out MATCHES "arborist::")
        message(FATAL_ERROR "${CMAKE_ARGV${i}} shows no symbols")
    endif()
    string(APPEND symbols "${out}")
endforeach()

foreach(trace IN ITEMS
        "accounting"
        " [TtWi] operator new\\(unsigned [a-z]+\\)"
        " [TtWi] operator delete\\(void[*]\\)")
    string(REGEX MATCH "${trace}[^\n]*" found "${symbols}")
    if(which STREQUAL "on" AND NOT found)
        message(FATAL_ERROR "no symbol matches \"${trace}\"")
    elseif(which STREQUAL "off" AND found)
        message(FATAL_ERROR "a trace of the component: ${found}")
    endif()
endforeach()
