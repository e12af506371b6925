package org.celllm.data.corpus;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.celllm.data.cells.Disease;

/**
 * What the words in a disease column mean. Words that say neither (another disease, a stage, nothing) are unknown: such
 * cells carry no normal-versus-cancer loss, and the report names the words.
 */
final class DiseaseWords {
    private static final Pattern NOT_MALIGNANT = Pattern.compile(
            "(non|not|no|adjacent)[ _-]*(malignant|malignancy|cancer|cancerous|tumou?r|tumou?ral|neoplastic|neoplasm)");
    private static final Set<String> NORMAL = Set.of(
            "normal",
            "healthy",
            "control",
            "ctrl",
            "benign",
            "normal adjacent",
            "adjacent normal",
            "normal tissue",
            "healthy control",
            "healthy donor",
            "wild type",
            "wildtype");
    private static final Pattern CANCER = Pattern.compile(".*(cancer|tumou?r|malignan|neoplas|carcinoma|adenocarcinoma"
            + "|sarcoma|melanoma|glioma|glioblastoma|blastoma|lymphoma|leuk[a]?emia|myeloma|mesothelioma|metasta).*");
    private static final Pattern ABOUT_CANCER = Pattern.compile(".*(malignan|cancer|tumou?r|neoplas).*");
    private static final Set<String> YES = Set.of("true", "yes", "1", "y");
    private static final Set<String> NO = Set.of("false", "no", "0", "n");

    private DiseaseWords() {}

    /**
     * The disease a word stands for.
     *
     * @param column name of the column, by which yes and no are understood ({@code is_malignant})
     * @param word the cell's value
     */
    static Disease of(String column, String word) {
        String plain = word.strip().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (NOT_MALIGNANT.matcher(plain).matches() || NORMAL.contains(plain.replace('-', ' '))) {
            return Disease.NORMAL;
        }
        if (ABOUT_CANCER.matcher(column.toLowerCase(Locale.ROOT)).matches()) {
            if (YES.contains(plain)) {
                return Disease.CANCER;
            }
            if (NO.contains(plain)) {
                return Disease.NORMAL;
            }
        }
        boolean denied = plain.startsWith("non")
                || plain.startsWith("not ")
                || plain.startsWith("no ")
                || plain.startsWith("anti");
        return !denied && CANCER.matcher(plain).matches() ? Disease.CANCER : Disease.UNKNOWN;
    }
}
