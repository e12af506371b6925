package org.celllm.training;

import org.celllm.training.contrast.ChunkPlan;
import org.celllm.training.contrast.StepResult;

/**
 * How a run divides its batches.
 *
 * @param plan the plan
 * @param measured whether it was made for this run, whose first steps may still show that it leaves room; one that is replayed
 *     stays as it is, unless memory asks for less
 */
record Division(PretrainPlan plan, boolean measured) {
    /** Share of the budget that graphs may fill when a plan leaves room. */
    static final double FULL = 0.92;

    /**
     * The plan after a step: for less memory where it took more than it may, for more where the first ones left much of it.
     *
     * @param done steps, that one included
     * @param step what it came to
     * @param reached resident bytes at most
     * @param budget resident bytes that it may take
     */
    PretrainPlan after(long done, StepResult step, long reached, long budget) {
        ChunkPlan before = plan.division(done);
        ChunkPlan division = before;
        if (plan.changesAfter(done)) {
            return plan;
        }
        if (reached > budget) {
            division = before.smaller(
                    reached - budget, plan.graphPerPosition(), plan.morePerPosition(), plan.bytesPerPosition());
        } else if (measured && step.rerun() > 0 && done <= PretrainPlan.FIRST_STEPS) {
            division = before.larger((long) (FULL * budget) - reached, plan.graphPerPosition());
        }
        return division.equals(before) ? plan : plan.changed(done + 1, division, reached);
    }
}
