"""One cheap test per cause that shows whether it is there, beyond what the curves tell."""

from __future__ import annotations

from collections.abc import Mapping

SETTLE: Mapping[str, str] = {
    "healthy": "Wait for more evaluations: a trend goes on, chance does not.",
    "overconfidence": "Fit one temperature on held-out data: well above 1 means overconfidence.",
    "overfitting": "Evaluate the checkpoint from before the turn: more right answers there mean "
    "overfitting.",
    "label-noise": "Read the 100 training samples with the largest loss: wrong labels show there.",
    "class-imbalance": "Histogram of the predicted classes: a single bar means the majority.",
    "confidence-growth": "Compare the predicted classes of two checkpoints: equal answers mean "
    "growing margins.",
    "margin-tradeoff": "Count right-to-wrong and wrong-to-right answers between two checkpoints.",
    "underfitting": "Train one clearly larger model briefly: a higher level means underfitting.",
    "learning-rate-too-high": "A short run at a fifth of the rate: smoother and lower settles it.",
    "loss-spike": "Look at the gradient norm and the batches at that place.",
    "numeric-failure": "Search the raw log for NaN and infinity at that place.",
    "chance-level": "Overfit one batch of 32 samples: if even that fails, nothing can be learned.",
    "no-generalisation": "Read 20 validation samples with their labels: wrongly joined labels "
    "show.",
    "distribution-shift": "Hold out a random part of the training data: no gap there means a "
    "shift.",
    "regularised-training": "Evaluate the training set in eval mode: if its loss drops below "
    "validation, it was the handicap.",
    "eval-mode-mismatch": "Evaluate once in train mode: calm means the batch-norm statistics.",
    "sampling-noise": "Evaluate one checkpoint on other samples of the same number: as large a "
    "difference is sampling noise.",
    "lr-schedule-step": "Look up whether the schedule or the optimiser changed at that place.",
    "delayed-generalisation": "Train on while it is cheap: only a late climb of validation shows "
    "it.",
    "loss-floor": "Log the plain cross-entropy beside the loss: far lower means a floor.",
    "data-change": "Compare label shares and a few raw samples from before and after that place.",
    "few-samples-dominate": "List the 20 largest validation losses: do they carry the mean?",
    "below-threshold-learning": "Log top-5 accuracy: climbing means that it learns.",
    "decision-threshold": "Plot the ROC curve: a good ranking means that only the cut is wrong.",
    "loss-not-plain-cross-entropy": "Log the plain cross-entropy as a metric of its own.",
    "double-softmax": "Look at the last layer: is there a softmax before a loss that takes logits?",
    "training-divergence": "Wait a few evaluations: a loss that does not come back has diverged.",
    "epoch-sawtooth": "Does the shape repeat every epoch? Shuffle the data and see it vanish.",
    "leaked-validation": "Search for duplicates between training and validation.",
    "wrong-accuracy-metric": "Compute accuracy by hand with argmax on one batch.",
    "bookkeeping": "Evaluate one checkpoint by hand: another value means a matter of logging.",
}
