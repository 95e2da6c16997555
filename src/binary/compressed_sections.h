// Compressed sections: whether the text in an object can be found in its bytes.
//
// Thread: any; no state.
#pragma once

namespace zc::binary {

// Whether the file that `fd` leads to is an ELF file with a section that is compressed, or one that
// cannot be understood. Any other file has no sections.
bool has_compressed_sections(int fd);

}  // namespace zc::binary
