package org.celllm.data.tokens;

import java.util.List;
import org.celllm.data.matrix.MatrixSlot;

/**
 * The slot of a file to read, and what its values are.
 *
 * @param slot the chosen slot
 * @param state the state its values are read as
 * @param reason why this one, for people
 * @param findings what was found in every slot
 */
public record SlotChoice(MatrixSlot slot, ValueState state, String reason, List<SlotFinding> findings) {
    public SlotChoice {
        findings = List.copyOf(findings);
    }

    /** What was found in the chosen slot. */
    public SlotFinding finding() {
        for (SlotFinding finding : findings) {
            if (finding.slot().equals(slot)) {
                return finding;
            }
        }
        throw new IllegalStateException("nothing was found about " + slot.name());
    }
}
