# DSAOpenMP: LLVM's OpenMP runtime, which code compiled for a CPU calls. Used by
# the build and by the installed package; needs LLVM to be found.
if(NOT TARGET DSAOpenMP)
  find_library(DSA_OPENMP_RUNTIME NAMES omp
    HINTS ${LLVM_LIBRARY_DIRS} ${LLVM_LIBRARY_DIR} REQUIRED)
  add_library(DSAOpenMP UNKNOWN IMPORTED)
  set_target_properties(DSAOpenMP PROPERTIES IMPORTED_LOCATION ${DSA_OPENMP_RUNTIME})
endif()
