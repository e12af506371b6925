package org.celllm.data.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import org.celllm.data.cells.Disease;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiseaseWordsTest {
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource({
        "disease, normal, NORMAL",
        "disease, Healthy, NORMAL",
        "condition, ctrl, NORMAL",
        "condition, control, NORMAL",
        "malignancy, non-malignant, NORMAL",
        "malignancy, Non malignant, NORMAL",
        "malignancy, malignant, CANCER",
        "disease, lung adenocarcinoma, CANCER",
        "disease, acute myeloid leukemia, CANCER",
        "disease, Tumour, CANCER",
        "disease, glioblastoma, CANCER",
        "is_malignant, True, CANCER",
        "is_malignant, False, NORMAL",
        "tumor, 1, CANCER",
        "tumor, 0, NORMAL",
        "batch, 1, UNKNOWN",
        "disease, COVID-19, UNKNOWN",
        "condition, stimulated, UNKNOWN",
        "disease, non-small, UNKNOWN",
        "disease, unknown, UNKNOWN",
        "disease, , UNKNOWN"
    })
    void readsWordsAsPeopleMeanThem(String column, String word, Disease disease) {
        assertThat(DiseaseWords.of(column, word == null ? "" : word)).isEqualTo(disease);
    }
}
