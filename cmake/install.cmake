# Copyright (c) 2026 The arborist authors
# Distributed under the Boost Software License, Version 1.0.
# https://www.boost.org/LICENSE_1_0.txt

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/arborist)

install(TARGETS arborist arborist_accounting arborist_testing EXPORT arborist-targets
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.hpp")
install(EXPORT arborist-targets NAMESPACE arborist:: DESTINATION ${package_dir})
configure_package_config_file(cmake/arborist-config.cmake.in arborist-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(arborist-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/arborist-config.cmake
    ${CMAKE_CURRENT_BINARY_DIR}/arborist-config-version.cmake
    DESTINATION ${package_dir})

# Boost has no pkg-config files of its own: what its targets carry in CMake is written out here.
get_target_property(boost_log_type Boost::log TYPE)
if(boost_log_type STREQUAL "SHARED_LIBRARY")
    string(APPEND ARBORIST_PC_DEFINES " -DBOOST_LOG_DYN_LINK")
endif()
# Relative to the file itself, so that "cmake --install --prefix" and moving the tree work.
file(RELATIVE_PATH ARBORIST_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" ARBORIST_PC_PREFIX "${ARBORIST_PC_PREFIX}")
string(STRIP "${ARBORIST_PC_DEFINES}" ARBORIST_PC_DEFINES)
configure_file(cmake/arborist.pc.in arborist.pc @ONLY)
configure_file(cmake/arborist-accounting.pc.in arborist-accounting.pc @ONLY)
configure_file(cmake/arborist-testing.pc.in arborist-testing.pc @ONLY)
install(FILES
    ${CMAKE_CURRENT_BINARY_DIR}/arborist.pc
    ${CMAKE_CURRENT_BINARY_DIR}/arborist-accounting.pc
    ${CMAKE_CURRENT_BINARY_DIR}/arborist-testing.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
