# CPack runs this before it packs what goes into the .deb: where zsh looks on Debian.
set(zsh ${CPACK_TEMPORARY_DIRECTORY}/usr/share/zsh)
file(RENAME ${zsh}/site-functions ${zsh}/vendor-completions)
