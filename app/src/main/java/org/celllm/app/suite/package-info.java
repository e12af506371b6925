/**
 * Many evaluations by a list. {@link org.celllm.app.suite.EvaluationSuite} is what a YAML file lists;
 * {@link org.celllm.app.suite.SuiteRun} runs each of them as its own command would, leaves out what an earlier run finished on the
 * same inputs, goes on when one fails, and writes the leaderboard.
 */
@NullMarked
package org.celllm.app.suite;

import org.jspecify.annotations.NullMarked;
