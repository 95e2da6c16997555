# CPack runs this while it gathers what goes into the archive.
file(INSTALL DESTINATION ${CMAKE_INSTALL_PREFIX} TYPE PROGRAM
     FILES ${CPACK_SOURCE_DIRECTORY}/cmake/install.sh)
