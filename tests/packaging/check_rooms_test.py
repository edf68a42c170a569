"""The check of the rooms' order: it passes a tree that keeps the order and names each include that does not."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "check_rooms.py"


class CheckRooms(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "engine").mkdir()
            for name, text in files.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            done = subprocess.run([sys.executable, str(CHECK), folder], capture_output=True, text=True)
            self.assertEqual(done.stderr, "")
            return done.returncode, done.stdout

    def assert_finding(self, name, include, words):
        status, output = self.check({name: f"#pragma once\n#include {include}\n"})
        self.assertEqual(status, 1, f"{name} including {include} passed")
        self.assertIn(f"{name}:2: ", output)
        self.assertIn(words, output)

    def test_passes_a_tree_that_keeps_the_order(self):
        status, output = self.check({
            "engine/base/a.h": "#include <string>\n",
            "engine/image/b.cpp": '#include "engine/base/a.h"\n#include <opencv2/core.hpp>\n',
            "engine/nn/internal/module.h": "#include <ATen/ATen.h>\n",
            "engine/train/c.cpp": '#include "engine/data/d.h"\n#include "engine/nn/internal/module.h"\n#include <torch/torch.h>\n',
            "widgets/grid.cpp": '#include "widgets/grid.h"\n#include <QWidget>\n#include <qcustomplot.h>\n',
            "ui/page.cpp": '#include "ui/page.h"\n#include "widgets/grid.h"\n#include "engine/train/c.h"\n#include "moc_page.cpp"\n',
            "app/main.cpp": '#include "ui/page.h"\n#include <QApplication>\n',
            "tests/x_test.cpp": '#include "ui/page.h"\n#include "x_test.moc"\n',
        })
        self.assertEqual((status, output), (0, "Every include keeps to the order of the rooms.\n"))

    def test_finds_an_include_against_the_order_of_the_folders(self):
        self.assert_finding("engine/base/a.cpp", '"ui/page.h"', "engine/ may not include ui/page.h")
        self.assert_finding("widgets/grid.h", '"engine/base/result.h"', "widgets/ may not include engine/base/result.h")
        self.assert_finding("ui/page.cpp", '"app/arguments.h"', "ui/ may not include")
        self.assert_finding("engine/base/a.h", '"tests/support/test_folder.h"', "engine/ may not include tests")

    def test_finds_an_include_against_the_order_of_the_engines_rooms(self):
        self.assert_finding("engine/image/a.cpp", '"engine/data/project.h"', "room image may not include")
        self.assert_finding("engine/nn/a.cpp", '"engine/image/decode.h"', "room nn may not include")
        self.assert_finding("engine/evaluate/a.h", '"engine/predict/predictor.h"', "room evaluate may not include")
        self.assert_finding("engine/misc/a.h", '"engine/base/result.h"', "room misc is not in the order")

    def test_finds_a_library_where_it_does_not_belong(self):
        self.assert_finding("engine/base/a.h", "<QString>", "Qt does not belong here")
        self.assert_finding("engine/train/a.cpp", "<QtCore/QObject>", "Qt does not belong here")
        self.assert_finding("ui/page.cpp", "<torch/torch.h>", "LibTorch does not belong here")
        self.assert_finding("widgets/grid.cpp", "<opencv2/core.hpp>", "OpenCV does not belong here")
        self.assert_finding("engine/nn/a.cpp", "<opencv2/core.hpp>", "OpenCV does not belong here")
        self.assert_finding("ui/page.cpp", "<qcustomplot.h>", "QCustomPlot does not belong here")

    def test_finds_libtorch_and_opencv_in_a_public_header(self):
        self.assert_finding("engine/nn/network.h", "<torch/torch.h>", "LibTorch in a public header")
        self.assert_finding("engine/image/decode.h", "<opencv2/core.hpp>", "OpenCV in a public header")

    def test_finds_an_internal_header_where_it_does_not_belong(self):
        self.assert_finding("engine/train/a.cpp", '"engine/data/internal/schema.h"', "is internal to data")
        self.assert_finding("app/main.cpp", '"engine/nn/internal/module.h"', "is internal to nn")
        self.assert_finding("ui/page.cpp", '"widgets/internal/paint.h"', "is internal to widgets")
        self.assert_finding("engine/nn/network.h", '"engine/nn/internal/module.h"', "an internal header in an interface")

    def test_finds_a_page_that_knows_another(self):
        self.assert_finding("ui/train/train_page.cpp", '"ui/data/data_page.h"', "page train may not know page data")
        self.assert_finding("ui/main_window.h", '"ui/data/data_page.h"', "what all pages share may not know page data")
        status, output = self.check({"ui/train/train_page.cpp": '#include "ui/train/card.h"\n#include "ui/page.h"\n'})
        self.assertEqual((status, output), (0, "Every include keeps to the order of the rooms.\n"))

    def test_finds_an_include_that_is_not_from_the_root(self):
        self.assert_finding("engine/nn/a.cpp", '"graph.h"', "from the root of the repository")
        self.assert_finding("ui/page.cpp", '"../widgets/grid.h"', "from the root of the repository")

    def test_a_folder_that_is_no_checkout_does_not_pass(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(subprocess.run([sys.executable, str(CHECK), folder], capture_output=True).returncode, 1)


if __name__ == "__main__":
    unittest.main()
