package org.celllm.app.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words of a command line, and the variables in them. */
final class Words {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    private Words() {}

    /**
     * The words of a line: white space parts them, except within single or double quotes.
     *
     * @throws IllegalArgumentException when a quote is not closed
     */
    static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean begun = false;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                begun = true;
            } else if (Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (quote != 0) {
            throw new IllegalArgumentException("a quote " + quote + " that is not closed");
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /**
     * A word with its variables replaced.
     *
     * @param used takes the names that were met
     * @throws IllegalArgumentException when a variable has no value
     */
    static String filled(String word, Map<String, String> values, Set<String> used) {
        Matcher variables = VARIABLE.matcher(word);
        StringBuilder text = new StringBuilder();
        while (variables.find()) {
            String value = values.get(variables.group(1));
            if (value == null) {
                throw new IllegalArgumentException(variables.group() + ", which has no value");
            }
            used.add(variables.group(1));
            variables.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return variables.appendTail(text).toString();
    }
}
