package org.celllm.tasks.response;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of cell lines: one table a kind of feature.
 *
 * @param expression [lines, genes]
 * @param mutation [lines, genes], or {@code null}
 * @param copyNumber [lines, genes], or {@code null}
 * @param encoded [lines, dim] expression as a cell language model encodes it, or {@code null}
 */
public record LineTables(
        NamedFeatures expression,
        @Nullable NamedFeatures mutation,
        @Nullable NamedFeatures copyNumber,
        @Nullable NamedFeatures encoded) {
    /** Expression alone. */
    public static LineTables of(NamedFeatures expression) {
        return new LineTables(expression, null, null, null);
    }

    /** Those that there are, expression first. */
    public List<NamedFeatures> all() {
        return Stream.of(expression, mutation, copyNumber, encoded)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** What those of {@link #all} are, in its order. */
    public List<Kind> kinds() {
        return Arrays.stream(Kind.values()).filter(kind -> of(kind) != null).toList();
    }

    private @Nullable NamedFeatures of(Kind kind) {
        return switch (kind) {
            case EXPRESSION -> expression;
            case MUTATION -> mutation;
            case COPY_NUMBER -> copyNumber;
            case ENCODED -> encoded;
        };
    }

    /** A kind of feature, in the order of tables. */
    public enum Kind {
        /** Expression of genes. */
        EXPRESSION("expression"),
        /** Mutations of genes. */
        MUTATION("mutation"),
        /** Copy numbers of genes. */
        COPY_NUMBER("copy number"),
        /** What a cell language model makes of expression. */
        ENCODED("encoded expression");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** In files and for people. */
        public String word() {
            return word;
        }

        /**
         * The kind of a word.
         *
         * @throws IllegalArgumentException when there is none
         */
        public static Kind of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word.equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no kind of table is called " + word));
        }
    }

    /** The lines that every table has. */
    public Set<String> common() {
        Set<String> common = new HashSet<>(expression.names());
        all().forEach(table -> common.retainAll(new HashSet<>(table.names())));
        return common;
    }

    /**
     * The rows of some lines, in their order.
     *
     * @throws IllegalArgumentException when a table lacks one
     */
    public LineTables of(List<String> lines) {
        return new LineTables(expression.of(lines), of(mutation, lines), of(copyNumber, lines), of(encoded, lines));
    }

    private static @Nullable NamedFeatures of(@Nullable NamedFeatures table, List<String> lines) {
        return table == null ? null : table.of(lines);
    }

    /** The same without what a cell language model makes of expression. */
    public LineTables withoutEncoded() {
        return new LineTables(expression, mutation, copyNumber, null);
    }
}
