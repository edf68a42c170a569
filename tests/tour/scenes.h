#pragma once

namespace whisker::test {

class Stage;

/// Each leads the window through a part of a person's work and takes a picture of every state; tour.cpp has which of them needs which.
void emptyPages(Stage &stage);
void importScenes(Stage &stage);    ///< The pictures come in, in the project of emptyPages().
void labelScenes(Stage &stage);     ///< After importScenes(): selecting, labelling, the big view, labelling by keyboard, history.
void findScenes(Stage &stage);      ///< After importScenes(): filters and orders.
void trainScenes(Stage &stage);     ///< After importScenes(): Train, quick and from scratch; Predict in between.
void trainSetupScenes(Stage &stage); ///< After importScenes(): what can be chosen before a training.
void trainRunsScenes(Stage &stage);  ///< After trainScenes(): a run is paused, gone on with, made longer, and offered after a crash.
void trainTableScenes(Stage &stage); ///< After trainRunsScenes(): the table of runs, a note, two compared, one repeated.
void curveScenes(Stage &stage);     ///< After trainRunsScenes(): a run from scratch with pinned pictures, and its curves looked at closely.
void suggestionScenes(Stage &stage); ///< After trainScenes(): what the model says of pictures without label.
void smallWindow(Stage &stage);     ///< After all of those.
void busyScenes(Stage &stage);      ///< A project of its own, into which 12,000 pictures come, and 1,000 files that are none.
void classScenes(Stage &stage);     ///< A project of its own, of many classes.
void doctorScenes(Stage &stage);    ///< A project of its own, in which much is wrong.
void filesScenes(Stage &stage);     ///< Projects of its own: watched folders, exports, pictures that are missing.
void trainStatesScenes(Stage &stage); ///< A project of its own: runs that diverge, fail, lack memory, fine-tune, continue a model, and one open for reading.
void readingScenes(Stage &stage);   ///< A project that another window has open.

/// ResNet-18 from scratch at 224, as `whisker-cli train --mode scratch` does it, in the window with its curves on show: images a second.
double scratchSpeed(Stage &stage, int epochs);

/// Trains ResNet-18 at 224 in batches of 32 and presses Stop, so many times at each of four moments; prints how long it took.
void measureStops(Stage &stage, int times);
/// The same, and closes the window at the moment "start", "step", "validation" or "checkpoint"; prints when that was.
void closeWhileTraining(Stage &stage, const char *moment);

} // namespace whisker::test
