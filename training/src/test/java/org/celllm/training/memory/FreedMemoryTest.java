package org.celllm.training.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FreedMemoryTest {
    private static final long MB = 1_000_000;

    @Test
    void threeQuartersOfWhatChunksNeedMayBeHeldBesideWhatLives() {
        FreedMemory freed = new FreedMemory();
        freed.allow(400 * MB, 0, 2000 * MB);
        assertEquals(800 * MB, freed.limit(500 * MB));
    }

    @Test
    void whatIsFreedDoesNotFillMoreThanTheCap() {
        FreedMemory freed = new FreedMemory();
        freed.allow(400 * MB, 0, 700 * MB);
        assertEquals(700 * MB, freed.limit(500 * MB));
        assertEquals(600 * MB, freed.limit(300 * MB), "little lives: the cap is far away");
    }

    @Test
    void whereGraphsAloneReachTheCapNotEveryChunkGivesBack() {
        FreedMemory freed = new FreedMemory();
        freed.allow(400 * MB, 0, 700 * MB);
        assertTrue(freed.limit(800 * MB) > 800 * MB);
        assertTrue(freed.limit(800 * MB) < 850 * MB);
    }

    @Test
    void encodingGivesBackAboveThreeQuartersOfItsBudget() {
        FreedMemory freed = FreedMemory.within(2000 * MB);
        assertEquals(1500 * MB, freed.limit(300 * MB));
        assertTrue(freed.limit(1450 * MB) > 1500 * MB, "not after every chunk where that much lives");
        FreedMemory.within(Long.MAX_VALUE).check();
    }

    @Test
    void whatTheNextStepNeedsAgainIsKept() {
        FreedMemory freed = new FreedMemory();
        freed.allow(400 * MB, 900 * MB, 1000 * MB);
        assertEquals(900 * MB, freed.limit(300 * MB));
    }
}
