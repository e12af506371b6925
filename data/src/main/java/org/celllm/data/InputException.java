package org.celllm.data;

import org.jspecify.annotations.Nullable;

/**
 * What a person gave us cannot be used. Carries the five things a good error says: the file (or option), the place
 * in it, what was found, what was expected and what to do. The command line prints {@link #getMessage()} without a
 * stack trace and leaves exit code 2; every other exception is our fault and leaves exit code 1.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String subject;
    private final @Nullable String place;
    private final String found;
    private final @Nullable String expected;
    private final @Nullable String remedy;

    private InputException(Builder builder, @Nullable Throwable cause) {
        super(builder.sentence(), cause);
        this.subject = builder.subject;
        this.place = builder.place;
        this.found = builder.found;
        this.expected = builder.expected;
        this.remedy = builder.remedy;
    }

    /**
     * Starts an error about {@code subject}: a path as the user wrote it, or an option such as {@code --batch}.
     *
     * @param subject the file or option at fault
     */
    public static Builder about(Object subject) {
        return new Builder(subject.toString());
    }

    /** The file or option at fault. */
    public String subject() {
        return subject;
    }

    /** Where in the file: a dataset, a line, a byte; {@code null} when the whole of it is meant. */
    public @Nullable String place() {
        return place;
    }

    /** What was found there. */
    public String found() {
        return found;
    }

    /** What would have been right, or {@code null} when {@link #found()} says it all. */
    public @Nullable String expected() {
        return expected;
    }

    /** What the user can do, or {@code null} when there is nothing. */
    public @Nullable String remedy() {
        return remedy;
    }

    /** Collects the parts; {@link #build()} makes the exception. */
    public static final class Builder {
        private final String subject;
        private @Nullable String place;
        private String found = "cannot be used";
        private @Nullable String expected;
        private @Nullable String remedy;

        private Builder(String subject) {
            this.subject = subject;
        }

        /** Where in the file: {@code "/X/data"}, {@code "line 7"}, {@code "byte 1024"}. */
        public Builder at(String place) {
            this.place = place;
            return this;
        }

        /** What was found. */
        public Builder found(String found) {
            this.found = found;
            return this;
        }

        /** What was expected. */
        public Builder expected(String expected) {
            this.expected = expected;
            return this;
        }

        /** What to do about it. */
        public Builder remedy(String remedy) {
            this.remedy = remedy;
            return this;
        }

        /** The exception. */
        public InputException build() {
            return new InputException(this, null);
        }

        /** The exception, keeping what caused it for the log. */
        public InputException build(Throwable cause) {
            return new InputException(this, cause);
        }

        private String sentence() {
            StringBuilder text = new StringBuilder(subject);
            if (place != null) {
                text.append(" (").append(place).append(')');
            }
            text.append(": ").append(found);
            if (expected != null) {
                text.append("; expected ").append(expected);
            }
            text.append('.');
            if (remedy != null) {
                text.append(' ').append(remedy);
                if (!remedy.endsWith(".")) {
                    text.append('.');
                }
            }
            return text.toString();
        }
    }
}
