package org.celllm.network;

import java.util.Locale;
import org.celllm.data.InputException;

/** Which vector stands for a cell. */
public enum Pooling {
    /** The encoding of CLS, which the disease objective trains, and by default the contrastive one. */
    CLS,
    /** The mean over the encodings of its expressed genes; zeros for a cell that expresses none the model knows. */
    MEAN;

    /**
     * The pooling of a word on the command line.
     *
     * @throws InputException when there is none
     */
    public static Pooling of(String word) {
        for (Pooling pooling : values()) {
            if (pooling.word().equals(word)) {
                return pooling;
            }
        }
        throw InputException.about("--pool")
                .found("\"" + word + "\"")
                .expected("cls or mean")
                .build();
    }

    /** The word on the command line. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
