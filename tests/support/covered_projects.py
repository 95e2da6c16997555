"""The projects of tests/e2e/coverage: sources, and how each is built. All texts are for sh.

Each is a part of its project that a plain build makes within minutes on two processors.
"""

import dataclasses
import pathlib
import shutil

import projects

JOBS = "-j2"


@dataclasses.dataclass(frozen=True)
class Project:
    name: str
    build: str
    clean: str
    package: str = ""  # of Debian, whose sources it has
    directories: tuple = ()  # of these sources, the ones that are whole; all, if there is none
    files: dict = dataclasses.field(default_factory=dict)  # in addition, by name
    prepare: str = ""  # once, without a cache, before the sources are copied
    setup: str = ""  # in each copy, before the first build
    edited: str = ""  # the source that gets a line more; none if its project has no such build
    needs: tuple = ()  # programs

    def sources(self, directory):
        """Makes `directory`. Raises projects.NotReachable."""
        if self.package:
            # What a whole directory has not, a kernel's configuration reads nevertheless.
            def left_out(place, names):
                inside = pathlib.Path(place).relative_to(source).parts
                if not self.directories or not inside or any(
                        inside[:len(kept)] == kept for kept in kept_parts):
                    return ()
                leads = [kept for kept in kept_parts if kept[:len(inside)] == inside]
                return [name for name in names if not (pathlib.Path(place) / name).is_dir()
                        and not name.startswith(("Kconfig", "Kbuild", "Makefile")) and not leads]
            source = projects.fetch(self.package)
            kept_parts = [tuple(name.split("/")) for name in self.directories]
            shutil.copytree(source, directory, symlinks=True, ignore=left_out)
        for name, text in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def lua(name, flags="", link="", compiler="gcc", prefix="", **more):
    words = (f"CC={compiler} AR='{prefix}ar rcs' RANLIB={prefix}ranlib MYCFLAGS='{flags}' "
             f"MYLDFLAGS='{link}'")
    system = "" if "mingw" in prefix else "SYSCFLAGS=-DLUA_USE_LINUX SYSLIBS='-Wl,-E -ldl'"
    return Project(f"lua, {name}", package="lua5.4", build=f"make {JOBS} -C src all {words} {system}",
                   clean="make -C src clean; rm -f src/*.exe src/*.i src/*.s src/*.bc src/*.res "
                         "src/*.gcno src/*.out src/*.ltrans* src/*.wpa*", **{"needs": (compiler,), **more})


FEDORA = ("-O2 -flto=auto -ffat-lto-objects -fexceptions -g -grecord-gcc-switches -pipe -Wall "
          "-Wp,-D_FORTIFY_SOURCE=2 -Wp,-D_GLIBCXX_ASSERTIONS -specs=../hardened-cc1 "
          "-fstack-protector-strong -m64 -mtune=generic -fasynchronous-unwind-tables "
          "-fstack-clash-protection -fcf-protection")
SPECS = {"hardened-cc1": "*cc1_options:\n+ %{!r:%{!fpie:%{!fPIE:%{!fpic:%{!fPIC:%{!fno-pic:-fPIE}}}}}}\n\n",
         "hardened-ld": "*self_spec:\n+ %{!static:%{!shared:%{!r:-pie}}}\n\n*link:\n+ -z now\n\n"}

UNITS = {f"{name}.cc": f'#include "{name}.h"\nint {name}(int n) {{\n  std::vector<std::string> all(n);\n'
                       "  return static_cast<int>(all.size());\n}\n" for name in ("one", "two", "three")}
HEADERS = {f"{name}.h": f"int {name}(int n);\n" for name in ("one", "two", "three")}


def precompiled(compiler):
    return Project(f"CMake, precompiled header, {compiler}", needs=(compiler, "cmake", "ninja"), files={
        **UNITS, **HEADERS, "all.h": "#include <map>\n#include <string>\n#include <vector>\n",
        "main.cc": '#include "one.h"\n#include "two.h"\n#include "three.h"\n'
                   "int main() { return one(1) + two(2) - three(3); }\n",
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(p CXX)\n"
                          "add_executable(p main.cc one.cc two.cc three.cc)\n"
                          "target_precompile_headers(p PRIVATE all.h)\n"},
        setup=f"cmake -G Ninja -S . -B out -DCMAKE_CXX_COMPILER={compiler} -DCMAKE_BUILD_TYPE=Debug",
        build=f"ninja {JOBS} -C out", clean="ninja -C out -t clean")


def modules():
    names = ("shapes", "words", "numbers")
    imports = {"shapes": "import words;\n", "words": "", "numbers": ""}
    files = {f"{name}.cppm": f"module;\n#include <string>\nexport module {name};\n{imports[name]}"
                             f"export int {name}(int n) {{ return n + std::string(3, 'x').size(); }}\n"
             for name in names}
    return Project("CMake, C++20 modules, clang++-19", files={
        **files, "main.cc": "".join(f"import {name};\n" for name in names)
                            + "int main() { return shapes(1) + words(2) - numbers(3); }\n",
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.28)\nproject(m CXX)\n"
                          "set(CMAKE_CXX_STANDARD 20)\nadd_executable(m main.cc)\n"
                          "target_sources(m PRIVATE FILE_SET CXX_MODULES FILES "
                          + " ".join(files) + ")\n"},
        setup="cmake -G Ninja -S . -B out -DCMAKE_CXX_COMPILER=clang++-19 "
              "-DCMAKE_CXX_COMPILER_CLANG_SCAN_DEPS=/usr/bin/clang-scan-deps-19",
        build=f"ninja {JOBS} -C out", clean="ninja -C out -t clean",
        needs=("clang++-19", "clang-scan-deps-19"))


def by_meson():
    return Project("Meson, precompiled header", needs=("meson", "ninja"), files={
        **UNITS, **HEADERS, "pch/all.h": "#include <map>\n#include <string>\n#include <vector>\n",
        "main.cc": '#include "one.h"\n#include "two.h"\n#include "three.h"\n'
                   "int main() { return one(1) + two(2) - three(3); }\n",
        "meson.build": "project('p', 'cpp', default_options: ['b_pch=true'])\n"
                       "executable('p', 'main.cc', 'one.cc', 'two.cc', 'three.cc', "
                       "cpp_pch: 'pch/all.h')\n"},
        setup="CXX=g++ meson setup out", build=f"ninja {JOBS} -C out", clean="ninja -C out -t clean",
        edited="two.cc")


def by_qt():
    names = ("Clock", "Door", "Lamp", "Meter")
    files = {}
    for name in names:
        files[f"{name}.h"] = (f"#pragma once\n#include <QObject>\nclass {name} : public QObject {{\n"
                              "  Q_OBJECT\n public:\n  int value() const { return value_; }\n"
                              " public slots:\n  void set(int value);\n signals:\n"
                              "  void changed(int value);\n private:\n  int value_ = 0;\n};\n")
        files[f"{name}.cc"] = (f'#include "{name}.h"\n#include <QDebug>\n#include <QMap>\n'
                               f"void {name}::set(int value) {{\n  value_ = value;\n"
                               "  qDebug() << QMap<int, QString>{{value, QString::number(value)}};\n"
                               "  emit changed(value);\n}\n")
    main = "".join(f'#include "{name}.h"\n' for name in names)
    main += "int main() {\n" + "".join(f"  {name}().set(1);\n" for name in names) + "}\n"
    return Project("Qt 5, moc by CMake, precompiled header", needs=("g++", "cmake", "ninja", "moc"), files={
        **files, "main.cc": main,
        "CMakeLists.txt": "cmake_minimum_required(VERSION 3.20)\nproject(q CXX)\n"
                          "set(CMAKE_AUTOMOC ON)\nfind_package(Qt5 REQUIRED COMPONENTS Core)\n"
                          "add_executable(q main.cc " + " ".join(f"{name}.cc" for name in names) + ")\n"
                          "target_link_libraries(q Qt5::Core)\n"
                          "target_precompile_headers(q PRIVATE <QObject> <QString>)\n"},
        setup="cmake -G Ninja -S . -B out -DCMAKE_CXX_COMPILER=g++ -DCMAKE_BUILD_TYPE=Release",
        build=f"ninja {JOBS} -C out", clean="ninja -C out -t clean", edited="Door.cc")


def for_arm():
    words = ("CC=arm-none-eabi-gcc AR='arm-none-eabi-ar rcs' RANLIB=arm-none-eabi-ranlib "
             "MYCFLAGS='-mcpu=cortex-m4 -mthumb -mfloat-abi=soft -ffunction-sections --specs=nano.specs'")
    return Project("lua, arm-none-eabi-gcc, newlib-nano", package="lua5.4", needs=("arm-none-eabi-gcc",),
                   build=f"make {JOBS} -C src liblua.a {words}", clean="make -C src clean",
                   edited="src/lapi.c")


def for_avr():
    source = ("#include <avr/interrupt.h>\n#include <avr/io.h>\n#include <util/delay.h>\n"
              "void {0}(void) {{\n  DDRB |= _BV(PB0);\n  _delay_ms(10);\n  PORTB ^= _BV(PB0);\n}}\n")
    names = ("blink", "clock", "meter")
    files = {f"{name}.c": source.format(name) for name in names}
    calls = "".join(f"void {name}(void);\n" for name in names)
    files["main.c"] = (f"{calls}int main(void) {{\n  for (;;) {{\n"
                       + "".join(f"    {name}();\n" for name in names) + "  }\n}\n")
    flags = "-mmcu=atmega328p -DF_CPU=16000000UL -Os"
    objects = " ".join(f"{name}.o" for name in ("main", *names))
    files["Makefile"] = (f"CC = avr-gcc\nCFLAGS = {flags}\nfirmware.hex: firmware.elf\n"
                         "\tavr-objcopy -O ihex -R .eeprom $< $@\n"
                         f"firmware.elf: {objects}\n\t$(CC) {flags} -o $@ $^\n")
    return Project("firmware, avr-gcc", files=files, needs=("avr-gcc",), build=f"make {JOBS}",
                   clean="rm -f *.o *.elf *.hex", edited="blink.c")


def vim(compiler):
    return Project(f"vim, {compiler} -O0", package="vim", directories=("src",), needs=(compiler,),
                   prepare="cd src && ./configure --with-features=normal --disable-gui --without-x "
                           f"--disable-nls CC={compiler} CFLAGS=-O0",
                   build=f"make {JOBS} -C src vim", clean="make -C src clean")


KERNEL = "make ARCH=x86 KBUILD_BUILD_TIMESTAMP=1"

ALL = (
    vim("gcc"),
    Project("OpenSSL, libssl.a", package="openssl", needs=("perl",),
            prepare="./Configure linux-x86_64 no-asm no-shared no-tests CFLAGS=-O1",
            edited="ssl/ssl_lib.c",
            build=f"make {JOBS} build_generated && make {JOBS} libssl.a", clean="make clean"),
    Project("Linux, tinyconfig: kernel/, lib/, mm/", package="linux", needs=("flex", "bison", "bc"),
            directories=("arch/x86", "include", "kernel", "lib", "mm", "io_uring", "scripts", "tools/include",
                         "tools/objtool", "tools/lib", "tools/scripts", "tools/build", "tools/arch/x86"),
            prepare=f"{KERNEL} tinyconfig", edited="kernel/fork.c",
            build=f"{KERNEL} {JOBS} prepare && {KERNEL} {JOBS} kernel/ lib/ mm/",
            # `make clean` reads what is not here.
            clean="find . '(' -name '.*.cmd' -o -name '*.[oa]' -o -name '.*.d' ')' -type f -delete"),
    Project("PostgreSQL: port, common and adt", package="postgresql-15",
            needs=("bison", "flex"),
            prepare="./configure --without-readline --without-zlib --without-icu CFLAGS=-O0",
            edited="src/backend/utils/adt/date.c",
            build=f"make {JOBS} -C src/backend generated-headers && make {JOBS} -C src/port && "
                  f"make {JOBS} -C src/common && make {JOBS} -C src/backend/utils/adt",
            clean="make -C src/backend/utils/adt clean; make -C src/common clean; make -C src/port clean"),
    Project("HarfBuzz, by Meson: libharfbuzz", package="harfbuzz", needs=("g++", "meson", "ninja"),
            setup="CC=gcc CXX=g++ meson setup out --buildtype=plain -Dtests=disabled -Ddocs=disabled "
                  "-Dglib=disabled -Dgobject=disabled -Dicu=disabled "
                  "-Dfreetype=disabled -Dcairo=disabled -Dbenchmark=disabled -Dintrospection=disabled",
            build=f"ninja {JOBS} -C out", clean="ninja -C out -t clean", edited="src/hb-blob.cc"),
    Project("protobuf, by CMake: libprotobuf-lite", package="protobuf", needs=("g++", "cmake", "ninja"),
            directories=("cmake", "src/google/protobuf"),
            setup="cmake -G Ninja -S . -B out -DCMAKE_CXX_COMPILER=g++ -DCMAKE_CXX_FLAGS=-O0 "
                  "-Dprotobuf_BUILD_TESTS=OFF -DCMAKE_POLICY_VERSION_MINIMUM=3.5",
            build=f"ninja {JOBS} -C out libprotobuf-lite.a", clean="ninja -C out -t clean",
            edited="src/google/protobuf/arena.cc"),
    Project("zlib, for Windows (MinGW)", package="zlib", needs=("x86_64-w64-mingw32-gcc",),
            prepare="CHOST=x86_64-w64-mingw32 ./configure --static",
            build=f"make {JOBS} static", clean="make clean", edited="adler32.c"),
    Project("BusyBox, defconfig: libbb/", package="busybox", prepare="make defconfig",
            build=f"make {JOBS} libbb/", clean="make clean", edited="libbb/xatonum.c"),
    Project("SQLite, sources to programs in one command", package="sqlite3", needs=("tclsh",),
            directories=("src", "ext", "tool", "autoconf"),
            prepare="./configure && make sqlite3.c shell.c",
            build="gcc -g -fPIC -shared -o libsqlite3.so sqlite3.c && "
                  "gcc -g -o sqlite3 shell.c sqlite3.c -lm",
            clean="rm -f libsqlite3.so sqlite3"),
    Project("lz4", package="lz4", build=f"make {JOBS} lib lz4 CFLAGS=-O1", clean="make clean"),
    lua("gcc -O0", flags="-O0"),
    lua("clang -g -O0", compiler="clang", flags="-g -O0"),
    lua("-flto", flags="-O1 -flto", link="-flto"),
    lua("--coverage", flags="-O0 --coverage", link="--coverage"),
    lua("-save-temps", flags="-O0 -save-temps", link="-save-temps"),
    lua("-fprofile-use", flags="-O1 -fprofile-use -Wno-missing-profile",
        prepare="make -C src all MYCFLAGS='-O1 -fprofile-generate' MYLDFLAGS=-fprofile-generate && "
                "src/lua -e 'for i = 1, 1e5 do _ = {i} end' && make -C src clean"),
    precompiled("g++"),
    precompiled("clang++"),
    modules(),
    by_meson(),
    by_qt(),
    for_arm(),
    for_avr(),
    lua("for arm64", flags="-O0", compiler="aarch64-linux-gnu-gcc", prefix="aarch64-linux-gnu-"),
    lua("for Windows (MinGW)", flags="-O0", compiler="x86_64-w64-mingw32-gcc", prefix="x86_64-w64-mingw32-"),
    lua("flags like Fedora's", flags=FEDORA, files=SPECS,
        link="-flto=auto -Wl,-z,relro -Wl,--as-needed -specs=../hardened-cc1 -specs=../hardened-ld"),
    Project("Objective-C", files={
        "thing.m": "#import <objc/Object.h>\n@interface Thing : Object\n+ (int)number;\n@end\n"
                   "@implementation Thing\n+ (int)number { return 3; }\n@end\n"
                   "int main(void) { return [Thing number] - 3; }\n"},
            build="gcc -g -c thing.m -o thing.o && gcc thing.o -o thing -lobjc",
            clean="rm -f thing.o thing"),
    Project("zlib, with its configure", package="zlib", build=f"./configure && make {JOBS}",
            clean="make distclean"),
    Project("hello, with its configure (autotools)", package="hello",
            build=f"./configure --disable-nls CFLAGS=-O1 && make {JOBS}", clean="make distclean"),
    vim("clang"),
)
