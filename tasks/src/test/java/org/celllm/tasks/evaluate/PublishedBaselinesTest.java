package org.celllm.tasks.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.celllm.data.cells.CellBatch;
import org.celllm.data.cells.PreparedCells;
import org.celllm.data.features.DenseRows;
import org.celllm.data.features.ExpressionRows;
import org.celllm.data.genes.GeneIdentity;
import org.celllm.data.genes.GeneVocabulary;
import org.celllm.data.progress.Progress;
import org.celllm.data.tokens.ValuesOption;
import org.celllm.tasks.embed.CellFile;
import org.celllm.tasks.labels.CellLabels;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The baselines beside what scikit-learn reached on the same real files; splits and draws differ. */
class PublishedBaselinesTest {
    @Test
    void pbmc3k() throws IOException {
        EvaluationData data = data("pbmc3k.h5ad");
        assertThat(folds(data, Methods.logisticOnComponents(15)))
                .as("scikit-learn: .922")
                .isBetween(0.90, 0.94);
        assertThat(few(data, Methods.logisticOnComponents(15)))
                .as("scikit-learn: .842")
                .isBetween(0.81, 0.87);
    }

    @Test
    void kang() throws IOException {
        EvaluationData data = data("kang_ifnb_scgen1975.h5ad");
        assertThat(folds(data, Methods.ridge())).as("scikit-learn: .780").isBetween(0.76, 0.80);
        assertThat(folds(data, Methods.logisticOnComponents(15)))
                .as("scikit-learn: .807")
                .isBetween(0.79, 0.83);
        assertThat(few(data, Methods.logisticOnComponents(15)))
                .as("scikit-learn: .688")
                .isBetween(0.64, 0.72);
    }

    private static double folds(EvaluationData data, Method method) {
        return AnnotationProtocol.folds(data.labels(), 5, 1)
                .run(data, List.of(method), Progress.SILENT)
                .of(method.name())
                .macroF1()
                .mean();
    }

    private static double few(EvaluationData data, Method method) {
        return AnnotationProtocol.fewShot(data.labels(), 5, 10, 0)
                .run(data, List.of(method), Progress.SILENT)
                .of(method.name())
                .macroF1()
                .mean();
    }

    private static EvaluationData data(String name) throws IOException {
        Path path = Path.of(System.getProperty("celllm.shared"), "data", "celltype", name);
        Assumptions.assumeTrue(Files.isRegularFile(path), path + " is not here: the real-data check is skipped");
        try (CellFile file = CellFile.open(path, ValuesOption.AUTO, GeneIdentity.plain())) {
            CellLabels labels = CellLabels.read(path, file.cells(), "cell_type");
            GeneVocabulary genes = file.ownGenes();
            ExpressionRows rows = new ExpressionRows(genes.size());
            try (PreparedCells cells = file.read(file.map(genes), 1024)) {
                for (CellBatch batch = cells.next(); batch != null; batch = cells.next()) {
                    rows.add(batch);
                }
            }
            DenseRows none = DenseRows.of(new float[labels.codes().length][1]);
            return EvaluationData.of(file.cells().names(), labels, rows.build(), none, 0);
        }
    }
}
