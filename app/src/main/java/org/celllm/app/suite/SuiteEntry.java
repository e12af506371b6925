package org.celllm.app.suite;

import java.util.List;

/**
 * One evaluation of a suite.
 *
 * @param name of its folder and in the leaderboard
 * @param kind what {@code celllm evaluate} calls it
 * @param options as they would be given on the command line, without {@code --out}
 * @param line of the file on which it stands
 */
public record SuiteEntry(String name, String kind, List<String> options, int line) {
    public SuiteEntry {
        options = List.copyOf(options);
    }
}
