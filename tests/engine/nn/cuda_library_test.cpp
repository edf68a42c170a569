#include "engine/nn/internal/cuda_library.h"
#include "engine/nn/device.h"

#include <QTest>

#include <ATen/Context.h>
#include <ATen/core/GraphImplInterface.h>

namespace whisker {

class CudaLibraryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void itBringsCudaAndItsGraphsOrSaysWhyNot();
    void runsAreRepeatable();
};

/// Also without a GPU: what LibTorch knows of CUDA does not ask for one.
void CudaLibraryTest::itBringsCudaAndItsGraphsOrSaysWhyNot()
{
    const std::string &problem = internal::openCudaLibrary();
    QCOMPARE(at::has_graph_impl(at::kCUDA), problem.empty());
    QCOMPARE(at::globalContext().hasCuDNN(), problem.empty());
    if (!problem.empty())
        QVERIFY2(problem == "this LibTorch has no CUDA" || problem.contains("packaging/setup.sh --cuda"), problem.c_str());
    const auto device = chooseDevice("cuda:63");
    QVERIFY(!device);
    QVERIFY(device.error().message.contains(problem.empty() ? "GPU" : problem));
}

void CudaLibraryTest::runsAreRepeatable()
{
    computeRepeatably();
    const at::Context &context = at::globalContext();
    QVERIFY(context.deterministicAlgorithms());
    QVERIFY(context.deterministicAlgorithmsWarnOnly());
    QVERIFY(!context.deterministicFillUninitializedMemory());
    QVERIFY(context.deterministicCuDNN());
    QVERIFY(!context.benchmarkCuDNN());
    QVERIFY(context.allowTF32CuDNN());
    QVERIFY(context.allowTF32CuBLAS());
}

} // namespace whisker

QTEST_GUILESS_MAIN(whisker::CudaLibraryTest)
#include "cuda_library_test.moc"
