#pragma once

#include "engine/train/run_folder.h"
#include "tests/support/test_folder.h"

#include <QTest>

namespace whisker::test {

/// A run of that day of March 2025, from scratch, tested on 55 pictures.
inline RunReceipt receiptOfDay(int day, std::size_t right)
{
    RunReceipt receipt;
    receipt.started = QStringLiteral("2025-03-%1T12:00:00Z").arg(day, 2, 10, QLatin1Char('0')).toStdString();
    receipt.finished = receipt.started;
    receipt.status = RunStatus::Completed;
    receipt.snapshotDigest = "0123456789abcdef";
    receipt.classes = {"cat", "dog"};
    receipt.trainImages = 259;
    receipt.validationImages = 56;
    receipt.testImages = 55;
    receipt.config.mode = TrainMode::Scratch;
    receipt.config.architecture = "small";
    receipt.config.epochs = 20;
    receipt.device = "CPU, 2 threads, bf16";
    receipt.versions = {{"whisker", "0.1.0"}};
    receipt.epochs = 20;
    receipt.bestEpoch = 18;
    receipt.seconds = 42;
    receipt.imagesPerSecond = 410;
    receipt.validationAccuracy = 0.973;
    receipt.testCorrect = right;
    receipt.testTotal = 55;
    return receipt;
}

/// Lays it into `folder`/runs/`name`, with two points of its curves, without model.
inline std::filesystem::path writeRun(const TestFolder &folder, const std::string &name, const RunReceipt &receipt)
{
    const std::filesystem::path place = std::filesystem::path("runs") / name;
    folder.write(place / kMetricsFile, "{\"series\":\"training_loss\",\"step\":1,\"epoch\":1.0,\"value\":0.7}\n"
                                       "{\"series\":\"validation_loss\",\"step\":1,\"epoch\":1.0,\"value\":0.6}\n");
    return folder.write(place / kReceiptFile, toJson(receipt)).parent_path();
}

} // namespace whisker::test
