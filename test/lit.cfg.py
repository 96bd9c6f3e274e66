# -*- Python -*-
# Configuration of the tests that lit runs; lit.site.cfg.py has what CMake knows.

import os
import shutil
import subprocess

import lit.formats

config.name = "DSA"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "lib"]
config.test_source_root = os.path.join(config.dsa_src_root, "test")
config.test_exec_root = os.path.join(config.dsa_obj_root, "test")

path = os.pathsep.join(
    [config.dsa_tools_dir, config.llvm_tools_dir, config.environment["PATH"]]
)
config.environment["PATH"] = path

config.substitutions.append(("%python", config.dsa_python))
config.substitutions.append(("%dsa_src_root", config.dsa_src_root))
config.substitutions.append(("%dsa_obj_root", config.dsa_obj_root))
# For projects that tests configure: the generator and compilers of the build.
config.substitutions.append(("%cmake_args", config.cmake_args))
config.substitutions.append(("%dsa_lib_dir", config.dsa_lib_dir))
config.substitutions.append(("%llvm_include_dir", config.llvm_include_dir))


def has_gpu():
    if not shutil.which("nvidia-smi"):
        return False
    return subprocess.run(["nvidia-smi", "-L"], capture_output=True).returncode == 0


if shutil.which("ptxas", path=path):
    config.available_features.add("ptxas")
if has_gpu():
    config.available_features.add("cuda")
if config.dsa_sanitize:
    config.available_features.add("sanitize")
