# CPack includes this once for each kind of package (CPACK_PROJECT_CONFIG_FILE).
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_INSTALL_SCRIPTS ${CPACK_SOURCE_DIRECTORY}/cmake/PackageArchive.cmake)
elseif(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PRE_BUILD_SCRIPTS ${CPACK_SOURCE_DIRECTORY}/cmake/PackageDebian.cmake)
endif()
