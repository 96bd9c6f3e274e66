# Compile flags, the shared precompiled header and the functions that declare the
# project's libraries and tools. All of them link libMLIR and libLLVM dynamically.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Without these it caches nothing that includes a precompiled header.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()

add_library(DSAOptions INTERFACE)
# An installed package finds MLIR's headers itself.
target_include_directories(DSAOptions SYSTEM INTERFACE
  "$<BUILD_INTERFACE:${MLIR_INCLUDE_DIRS};${LLVM_INCLUDE_DIRS}>")
target_include_directories(DSAOptions INTERFACE
  $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
  $<BUILD_INTERFACE:${CMAKE_BINARY_DIR}/include>
  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_features(DSAOptions INTERFACE cxx_std_20)
separate_arguments(LLVM_DEFINITIONS_LIST NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(DSAOptions INTERFACE ${LLVM_DEFINITIONS_LIST})
# How we build is no business of those who use the installed package.
target_compile_options(DSAOptions INTERFACE
  "$<BUILD_INTERFACE:-Wall;-Wextra;-Wno-unused-parameter;-Werror=return-type;-fno-exceptions;-fPIC>")
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(DSAOptions INTERFACE -fno-rtti)
endif()
# A precompiled header is then the same whenever it was made.
target_compile_options(DSAOptions INTERFACE
  "$<BUILD_INTERFACE:SHELL:-Xclang -fno-pch-timestamp>")
target_link_options(DSAOptions INTERFACE $<BUILD_INTERFACE:-fuse-ld=lld>)
if(DSA_SANITIZE)
  # LLVM's own libraries are not instrumented: container annotations would
  # report containers that cross the border.
  target_compile_options(DSAOptions INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr,function
    -fno-sanitize-recover=all -fno-omit-frame-pointer
    -D_LIBCPP_DISABLE_ASAN_CONTAINER_ANNOTATIONS)
  target_link_options(DSAOptions INTERFACE -fsanitize=address,undefined)
endif()

# MLIR's headers dominate compile time: one precompiled header serves all.
add_library(DSAPCH OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch/PCH.cpp)
target_link_libraries(DSAPCH PRIVATE DSAOptions)
target_precompile_headers(DSAPCH PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch/PCH.h)

install(TARGETS DSAOptions EXPORT DSATargets)

# dsa_add_library(NAME sources... LINK_LIBS libs... DEPENDS targets...)
function(dsa_add_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC DSAOptions ${ARG_LINK_LIBS} MLIR LLVM)
  target_precompile_headers(${name} REUSE_FROM DSAPCH)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  install(TARGETS ${name} EXPORT DSATargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# dsa_add_host_library(NAME sources... LINK_LIBS libs...): a library that needs
# nothing of MLIR, and of LLVM only its support library. That is left to whoever
# links it, who may do so statically.
function(dsa_add_host_library name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC DSAOptions ${ARG_LINK_LIBS})
  target_compile_options(${name} PRIVATE -ffunction-sections -fdata-sections)
  install(TARGETS ${name} EXPORT DSATargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()

# dsa_add_tool(NAME sources... LINK_LIBS libs...)
function(dsa_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK_LIBS" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} DSAOptions MLIR LLVM)
  target_precompile_headers(${name} REUSE_FROM DSAPCH)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

# dsa_add_shared_library(NAME MODULE|SHARED EXPORTS file sources... LINK_LIBS libs...):
# of its symbols only those are seen that the linker script `file` exports.
function(dsa_add_shared_library name kind)
  cmake_parse_arguments(ARG "" "EXPORTS" "LINK_LIBS" ${ARGN})
  set(exports ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_EXPORTS})
  add_library(${name} ${kind} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK_LIBS} DSAOptions MLIR LLVM)
  target_link_options(${name} PRIVATE LINKER:--version-script=${exports})
  if(NOT DSA_SANITIZE)
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${exports})
  target_precompile_headers(${name} REUSE_FROM DSAPCH)
endfunction()
