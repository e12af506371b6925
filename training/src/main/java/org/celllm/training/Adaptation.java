package org.celllm.training;

import java.util.ArrayList;
import java.util.List;
import org.celllm.data.InputException;
import org.celllm.training.objective.Contrast;
import org.celllm.training.objective.Objectives;

/**
 * Settings fitted to what a corpus can teach, with what was changed.
 *
 * @param settings that will be used
 * @param notes one sentence for each change or doubt
 */
record Adaptation(PretrainSettings settings, List<String> notes) {
    Adaptation {
        notes = List.copyOf(notes);
    }

    static Adaptation of(PretrainSettings asked, TrainingCells cells) {
        PretrainSettings settings = asked;
        List<String> notes = new ArrayList<>();
        if (settings.batch() > cells.cells()) {
            notes.add("the batch of " + settings.batch() + " is larger than the corpus: every step takes "
                    + (cells.sampling().isEmpty()
                            ? "all " + cells.cells() + " training cells"
                            : cells.cells() + " cells, as many as there are to train on"));
            settings = settings.with(Math.toIntExact(cells.cells()), settings.steps(), settings.seed());
        }
        Objectives objectives = settings.objectives();
        if (objectives.disease() > 0 && (cells.normal() == 0 || cells.cancer() == 0)) {
            notes.add("normal versus cancer is off: the corpus has " + cells.normal() + " normal and " + cells.cancer()
                    + " cancer cells to train on");
            if (objectives.masked() == 0 && objectives.contrastive() == 0) {
                throw InputException.about("the corpus")
                        .found("cannot teach normal versus cancer, the only objective that was asked for")
                        .remedy("Add cells of both kinds, or give another objective a weight")
                        .build();
            }
            objectives = objectives.withoutDisease();
            settings = settings.with(settings.views(), objectives);
        } else if (objectives.disease() > 0 && cells.sources() > 1 && cells.sourcesWithBoth() == 0) {
            notes.add("no source has both normal and cancer cells: normal versus cancer can be met by telling the"
                    + " sources apart");
        }
        if (objectives.contrastive() > 0
                && objectives.contrast().exclude().contains(Contrast.Exclusion.LABEL)
                && cells.labelled() == 0) {
            throw InputException.about("--exclude label")
                    .found("the corpus has no labels")
                    .remedy("Build it with --label-column, or leave --exclude label out")
                    .build();
        }
        if (cells.sources() == 1 && objectives.contrast().exclude().contains(Contrast.Exclusion.SOURCES)) {
            notes.add("--exclude sources leaves no pair out: the corpus has one source");
        }
        if (cells.sources() == 1) {
            notes.add("the corpus has one source: nothing will show whether the model carries over to another");
        }
        if (objectives.contrastive() > 0 && settings.batch() == 1) {
            notes.add("a batch of one cell has no negatives: the contrastive loss is zero");
        }
        return new Adaptation(settings, notes);
    }
}
