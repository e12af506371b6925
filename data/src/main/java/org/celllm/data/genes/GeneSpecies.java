package org.celllm.data.genes;

import java.util.List;
import java.util.regex.Pattern;

/** Whose genes a file names, told from how they are written. */
public enum GeneSpecies {
    /** Human genes, and whatever is not told to be mouse. */
    HUMAN("human"),
    /** Mouse genes: {@code Trp53}, {@code ENSMUSG00000059552}, {@code mm10_Trp53}. */
    MOUSE("mouse");

    private static final Pattern MOUSE_ID = Pattern.compile("ENSMUSG\\d{11}.*");
    private static final Pattern MOUSE_GENOME = Pattern.compile("(?:GRCm3[89]|mm9|mm10|mm39)_+.+");
    private static final Pattern HUMAN_ID = Pattern.compile("ENSGR?\\d{10,11}.*");
    private static final Pattern HUMAN_GENOME = Pattern.compile("(?:GRCh3[78]|hg19|hg38|hs37d5)_+.+");
    private static final Pattern MOUSE_SYMBOL =
            Pattern.compile("[A-Z][a-z0-9]*[a-z][-.a-z0-9]*|[A-Z0-9]+Rik|mt-[A-Z][a-z0-9]+|H2-[A-Z][A-Za-z0-9]*");
    /** Human reading frames, and what stands for names in made-up files: {@code Gene12}. */
    private static final Pattern NO_MOUSE = Pattern.compile("C[0-9XY]+orf[0-9]+.*|Gene[-_.]?[0-9]+");

    private static final Pattern LETTERS = Pattern.compile(".*[A-Za-z].*");

    private static final int LOOKED_AT = 2000;

    private final String word;

    GeneSpecies(String word) {
        this.word = word;
    }

    /** The word for it. */
    public String word() {
        return word;
    }

    /** Whether a single name is written as mouse genes are: {@code Trp53}, not {@code TP53} or {@code C1orf112}. */
    static boolean writtenAsMouse(String written) {
        int bar = written.indexOf('|');
        String name = bar > 0 ? written.substring(0, bar) : written;
        return MOUSE_ID.matcher(name).matches()
                || MOUSE_GENOME.matcher(name).matches()
                || (MOUSE_SYMBOL.matcher(name).matches()
                        && !NO_MOUSE.matcher(name).matches());
    }

    /** Whether a name says by itself that it is a mouse's: an Ensembl id or the prefix of a genome. */
    static boolean marksMouse(String name) {
        return MOUSE_ID.matcher(name).matches() || MOUSE_GENOME.matcher(name).matches();
    }

    /** Whether a name says by itself that it is a human's. */
    static boolean marksHuman(String name) {
        return HUMAN_ID.matcher(name).matches() || HUMAN_GENOME.matcher(name).matches();
    }

    /** Of most of the names; a sample spread over them is looked at. Names without letters have no say. */
    static GeneSpecies of(List<String> names) {
        int mouse = 0;
        int looked = 0;
        int step = Math.max(1, names.size() / LOOKED_AT);
        for (int i = 0; i < names.size(); i += step) {
            String name = names.get(i).strip();
            if (LETTERS.matcher(name).matches()) {
                looked++;
                mouse += writtenAsMouse(name) ? 1 : 0;
            }
        }
        return 2 * mouse > looked ? MOUSE : HUMAN;
    }
}
